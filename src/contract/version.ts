/**
 * The version both programs report. The build writes it in; sources run
 * unbuilt (tests) call themselves 0.0.0-dev.
 */
declare const HOOPX_VERSION: string | undefined;

export const version: string = typeof HOOPX_VERSION === "string" ? HOOPX_VERSION : "0.0.0-dev";
