/** What can go wrong between console and API. */

interface Envelope {
  error: { code: string; message: string; fields?: Record<string, string>; request_id?: string };
}

/** The API refused, with a stable code and a sentence in the caller's language. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    /** Wrong inputs by their name: shown beside the field. */
    readonly fields: Readonly<Record<string, string>> = {},
    readonly requestId?: string,
  ) {
    super(message);
    this.name = "ApiError";
  }
}

/** The API could not be reached at all. */
export class NetworkError extends Error {
  override name = "NetworkError";
}

function isEnvelope(body: unknown): body is Envelope {
  return typeof body === "object" && body !== null && typeof (body as Envelope).error?.code === "string";
}

export function errorFrom(status: number, body: unknown, requestId?: string): ApiError {
  if (isEnvelope(body)) {
    const { code, message, fields, request_id } = body.error;
    return new ApiError(status, code, message, fields, request_id ?? requestId);
  }
  return new ApiError(status, `HTTP_${String(status)}`, `HTTP ${String(status)}`, {}, requestId);
}
