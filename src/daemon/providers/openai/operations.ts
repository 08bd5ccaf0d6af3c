/**
 * Operations: all that the OpenAI API does outside its administration, each
 * with its action and class. Data, so it may be long; docs/openai-operations.md
 * shows it as a table, and says where and why it departs from the published
 * specification. Actions are named after the resources of the openai SDK,
 * written as its Python edition and the paths write them.
 *
 * A row marked `multipart` is also sent as JSON by some clients; one marked
 * `sdp` as a form. Which it is, its content-type says, here as at the provider.
 */
import { admin, inference, type OperationRow, read, write } from "./operation-row.js";

export const operations: readonly OperationRow[] = [
  // responses
  inference("responses.create", "POST /responses"),
  read("responses.retrieve", "GET /responses/{response_id}"),
  write("responses.delete", "DELETE /responses/{response_id}"),
  write("responses.cancel", "POST /responses/{response_id}/cancel"),
  inference("responses.compact", "POST /responses/compact"),
  read("responses.input_items.list", "GET /responses/{response_id}/input_items"),
  read("responses.input_tokens.count", "POST /responses/input_tokens"),

  // conversations
  write("conversations.create", "POST /conversations"),
  read("conversations.retrieve", "GET /conversations/{conversation_id}"),
  write("conversations.update", "POST /conversations/{conversation_id}"),
  write("conversations.delete", "DELETE /conversations/{conversation_id}"),
  write("conversations.items.create", "POST /conversations/{conversation_id}/items"),
  read("conversations.items.list", "GET /conversations/{conversation_id}/items"),
  read("conversations.items.retrieve", "GET /conversations/{conversation_id}/items/{item_id}"),
  write("conversations.items.delete", "DELETE /conversations/{conversation_id}/items/{item_id}"),

  // chat and legacy completions
  inference("chat.completions.create", "POST /chat/completions"),
  read("chat.completions.list", "GET /chat/completions"),
  read("chat.completions.retrieve", "GET /chat/completions/{completion_id}"),
  write("chat.completions.update", "POST /chat/completions/{completion_id}"),
  write("chat.completions.delete", "DELETE /chat/completions/{completion_id}"),
  read("chat.completions.messages.list", "GET /chat/completions/{completion_id}/messages"),
  inference("completions.create", "POST /completions"),

  // embeddings, moderations, provenance, models
  inference("embeddings.create", "POST /embeddings"),
  inference("moderations.create", "POST /moderations"),
  inference("content_provenance_checks.create", "POST /content_provenance_checks", "multipart"),
  read("models.list", "GET /models"),
  read("models.retrieve", "GET /models/{model}"),
  write("models.delete", "DELETE /models/{model}"),

  // audio
  inference("audio.speech.create", "POST /audio/speech"),
  inference("audio.transcriptions.create", "POST /audio/transcriptions", "multipart"),
  inference("audio.translations.create", "POST /audio/translations", "multipart"),
  write("audio.voices.create", "POST /audio/voices", "multipart"),
  write("audio.voice_consents.create", "POST /audio/voice_consents", "multipart"),
  read("audio.voice_consents.list", "GET /audio/voice_consents"),
  read("audio.voice_consents.retrieve", "GET /audio/voice_consents/{consent_id}"),
  write("audio.voice_consents.update", "POST /audio/voice_consents/{consent_id}"),
  write("audio.voice_consents.delete", "DELETE /audio/voice_consents/{consent_id}"),

  // images and videos
  inference("images.generate", "POST /images/generations"),
  inference("images.edit", "POST /images/edits", "multipart"),
  inference("images.create_variation", "POST /images/variations", "multipart"),
  inference("videos.create", "POST /videos", "multipart"),
  read("videos.list", "GET /videos"),
  read("videos.retrieve", "GET /videos/{video_id}"),
  write("videos.delete", "DELETE /videos/{video_id}"),
  read("videos.download_content", "GET /videos/{video_id}/content"),
  inference("videos.edit", "POST /videos/edits", "multipart"),
  inference("videos.extend", "POST /videos/extensions", "multipart"),
  inference("videos.remix", "POST /videos/{video_id}/remix", "multipart"),
  write("videos.create_character", "POST /videos/characters", "multipart"),
  read("videos.get_character", "GET /videos/characters/{character_id}"),

  // realtime: a call's media and tool calls go past hoopx, and what is minted works without it
  write("realtime.calls.create", "POST /realtime/calls", "sdp"),
  write("realtime.calls.accept", "POST /realtime/calls/{call_id}/accept"),
  write("realtime.calls.hangup", "POST /realtime/calls/{call_id}/hangup"),
  write("realtime.calls.refer", "POST /realtime/calls/{call_id}/refer"),
  write("realtime.calls.reject", "POST /realtime/calls/{call_id}/reject"),
  write("realtime.client_secrets.create", "POST /realtime/client_secrets", "mints-credential"),
  write("realtime.sessions.create", "POST /realtime/sessions", "mints-credential"),
  write(
    "realtime.transcription_sessions.create",
    "POST /realtime/transcription_sessions",
    "mints-credential",
  ),
  write(
    "realtime.translations.client_secrets.create",
    "POST /realtime/translations/client_secrets",
    "mints-credential",
  ),

  // chatkit
  write("chatkit.sessions.create", "POST /chatkit/sessions", "mints-credential"),
  write("chatkit.sessions.cancel", "POST /chatkit/sessions/{session_id}/cancel"),
  read("chatkit.threads.list", "GET /chatkit/threads"),
  read("chatkit.threads.retrieve", "GET /chatkit/threads/{thread_id}"),
  write("chatkit.threads.delete", "DELETE /chatkit/threads/{thread_id}"),
  read("chatkit.threads.list_items", "GET /chatkit/threads/{thread_id}/items"),

  // files and uploads
  write("files.create", "POST /files", "multipart"),
  read("files.list", "GET /files"),
  read("files.retrieve", "GET /files/{file_id}"),
  write("files.delete", "DELETE /files/{file_id}"),
  read("files.content", "GET /files/{file_id}/content"),
  write("uploads.create", "POST /uploads"),
  write("uploads.cancel", "POST /uploads/{upload_id}/cancel"),
  write("uploads.complete", "POST /uploads/{upload_id}/complete"),
  write("uploads.parts.create", "POST /uploads/{upload_id}/parts", "multipart"),

  // batches
  write("batches.create", "POST /batches"),
  read("batches.list", "GET /batches"),
  read("batches.retrieve", "GET /batches/{batch_id}"),
  write("batches.cancel", "POST /batches/{batch_id}/cancel"),

  // vector stores
  write("vector_stores.create", "POST /vector_stores"),
  read("vector_stores.list", "GET /vector_stores"),
  read("vector_stores.retrieve", "GET /vector_stores/{vector_store_id}"),
  write("vector_stores.update", "POST /vector_stores/{vector_store_id}"),
  write("vector_stores.delete", "DELETE /vector_stores/{vector_store_id}"),
  read("vector_stores.search", "POST /vector_stores/{vector_store_id}/search"),
  write("vector_stores.files.create", "POST /vector_stores/{vector_store_id}/files"),
  read("vector_stores.files.list", "GET /vector_stores/{vector_store_id}/files"),
  read("vector_stores.files.retrieve", "GET /vector_stores/{vector_store_id}/files/{file_id}"),
  write("vector_stores.files.update", "POST /vector_stores/{vector_store_id}/files/{file_id}"),
  write("vector_stores.files.delete", "DELETE /vector_stores/{vector_store_id}/files/{file_id}"),
  read(
    "vector_stores.files.content",
    "GET /vector_stores/{vector_store_id}/files/{file_id}/content",
  ),
  write("vector_stores.file_batches.create", "POST /vector_stores/{vector_store_id}/file_batches"),
  read(
    "vector_stores.file_batches.retrieve",
    "GET /vector_stores/{vector_store_id}/file_batches/{batch_id}",
  ),
  write(
    "vector_stores.file_batches.cancel",
    "POST /vector_stores/{vector_store_id}/file_batches/{batch_id}/cancel",
  ),
  read(
    "vector_stores.file_batches.list_files",
    "GET /vector_stores/{vector_store_id}/file_batches/{batch_id}/files",
  ),

  // containers
  write("containers.create", "POST /containers"),
  read("containers.list", "GET /containers"),
  read("containers.retrieve", "GET /containers/{container_id}"),
  write("containers.delete", "DELETE /containers/{container_id}"),
  write("containers.files.create", "POST /containers/{container_id}/files", "multipart"),
  read("containers.files.list", "GET /containers/{container_id}/files"),
  read("containers.files.retrieve", "GET /containers/{container_id}/files/{file_id}"),
  write("containers.files.delete", "DELETE /containers/{container_id}/files/{file_id}"),
  read(
    "containers.files.content.retrieve",
    "GET /containers/{container_id}/files/{file_id}/content",
  ),

  // skills
  write("skills.create", "POST /skills", "multipart"),
  read("skills.list", "GET /skills"),
  read("skills.retrieve", "GET /skills/{skill_id}"),
  write("skills.update", "POST /skills/{skill_id}"),
  write("skills.delete", "DELETE /skills/{skill_id}"),
  read("skills.content.retrieve", "GET /skills/{skill_id}/content"),
  write("skills.versions.create", "POST /skills/{skill_id}/versions", "multipart"),
  read("skills.versions.list", "GET /skills/{skill_id}/versions"),
  read("skills.versions.retrieve", "GET /skills/{skill_id}/versions/{version}"),
  write("skills.versions.delete", "DELETE /skills/{skill_id}/versions/{version}"),
  read("skills.versions.content.retrieve", "GET /skills/{skill_id}/versions/{version}/content"),

  // fine-tuning; who may use a checkpoint is the organization owner's to say
  write("fine_tuning.jobs.create", "POST /fine_tuning/jobs"),
  read("fine_tuning.jobs.list", "GET /fine_tuning/jobs"),
  read("fine_tuning.jobs.retrieve", "GET /fine_tuning/jobs/{fine_tuning_job_id}"),
  write("fine_tuning.jobs.cancel", "POST /fine_tuning/jobs/{fine_tuning_job_id}/cancel"),
  write("fine_tuning.jobs.pause", "POST /fine_tuning/jobs/{fine_tuning_job_id}/pause"),
  write("fine_tuning.jobs.resume", "POST /fine_tuning/jobs/{fine_tuning_job_id}/resume"),
  read("fine_tuning.jobs.list_events", "GET /fine_tuning/jobs/{fine_tuning_job_id}/events"),
  read(
    "fine_tuning.jobs.checkpoints.list",
    "GET /fine_tuning/jobs/{fine_tuning_job_id}/checkpoints",
  ),
  admin(
    "fine_tuning.checkpoints.permissions.create",
    "POST /fine_tuning/checkpoints/{checkpoint}/permissions",
  ),
  admin(
    "fine_tuning.checkpoints.permissions.list",
    "GET /fine_tuning/checkpoints/{checkpoint}/permissions",
  ),
  admin(
    "fine_tuning.checkpoints.permissions.delete",
    "DELETE /fine_tuning/checkpoints/{checkpoint}/permissions/{permission_id}",
  ),
  inference("fine_tuning.alpha.graders.run", "POST /fine_tuning/alpha/graders/run"),
  read("fine_tuning.alpha.graders.validate", "POST /fine_tuning/alpha/graders/validate"),

  // evals
  write("evals.create", "POST /evals"),
  read("evals.list", "GET /evals"),
  read("evals.retrieve", "GET /evals/{eval_id}"),
  write("evals.update", "POST /evals/{eval_id}"),
  write("evals.delete", "DELETE /evals/{eval_id}"),
  write("evals.runs.create", "POST /evals/{eval_id}/runs"),
  read("evals.runs.list", "GET /evals/{eval_id}/runs"),
  read("evals.runs.retrieve", "GET /evals/{eval_id}/runs/{run_id}"),
  write("evals.runs.cancel", "POST /evals/{eval_id}/runs/{run_id}"),
  write("evals.runs.delete", "DELETE /evals/{eval_id}/runs/{run_id}"),
  read("evals.runs.output_items.list", "GET /evals/{eval_id}/runs/{run_id}/output_items"),
  read(
    "evals.runs.output_items.retrieve",
    "GET /evals/{eval_id}/runs/{run_id}/output_items/{output_item_id}",
  ),

  // assistants and their threads
  write("assistants.create", "POST /assistants"),
  read("assistants.list", "GET /assistants"),
  read("assistants.retrieve", "GET /assistants/{assistant_id}"),
  write("assistants.update", "POST /assistants/{assistant_id}"),
  write("assistants.delete", "DELETE /assistants/{assistant_id}"),
  write("threads.create", "POST /threads"),
  inference("threads.create_and_run", "POST /threads/runs"),
  read("threads.retrieve", "GET /threads/{thread_id}"),
  write("threads.update", "POST /threads/{thread_id}"),
  write("threads.delete", "DELETE /threads/{thread_id}"),
  write("threads.messages.create", "POST /threads/{thread_id}/messages"),
  read("threads.messages.list", "GET /threads/{thread_id}/messages"),
  read("threads.messages.retrieve", "GET /threads/{thread_id}/messages/{message_id}"),
  write("threads.messages.update", "POST /threads/{thread_id}/messages/{message_id}"),
  write("threads.messages.delete", "DELETE /threads/{thread_id}/messages/{message_id}"),
  inference("threads.runs.create", "POST /threads/{thread_id}/runs"),
  read("threads.runs.list", "GET /threads/{thread_id}/runs"),
  read("threads.runs.retrieve", "GET /threads/{thread_id}/runs/{run_id}"),
  write("threads.runs.update", "POST /threads/{thread_id}/runs/{run_id}"),
  write("threads.runs.cancel", "POST /threads/{thread_id}/runs/{run_id}/cancel"),
  inference(
    "threads.runs.submit_tool_outputs",
    "POST /threads/{thread_id}/runs/{run_id}/submit_tool_outputs",
  ),
  read("threads.runs.steps.list", "GET /threads/{thread_id}/runs/{run_id}/steps"),
  read("threads.runs.steps.retrieve", "GET /threads/{thread_id}/runs/{run_id}/steps/{step_id}"),

  // not in the published specification: the Agents SDK's trace exporter
  write("traces.ingest", "POST /traces/ingest"),
];
