/**
 * Keep-alive: what is written between the events of a stream while a person
 * is waited for, so that the client does too.
 */

/** It has no blank line: clients that keep an event's id take one for an event without data. */
const comment = Buffer.from(": held\n");

/** What the API itself writes into a long silence. */
const event = Buffer.from('event: keepalive\ndata: {"type":"keepalive"}\n\n');

/**
 * A sign of life that this client counts as one. Codex counts events and no comments; to
 * openai-node's stream helpers an event that they do not know is an error. The user agent is a
 * claim: a client that claims to be Codex gets an event that Codex would get.
 */
export function keepAlive(userAgent: string, chat: boolean): Buffer {
  return !chat && /^codex(?:[_\-/ ]|$)/i.test(userAgent) ? event : comment;
}
