const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
/** 43 characters of base64 hold 256 bits: the last carries four, so only these decode strictly. */
const last = "AEIMQUYcgkosw048";

function pick(count: number, from: string): string {
  const bytes = new Uint8Array(1);
  let made = "";
  // Bytes beyond the last whole multiple would favour the first letters.
  const limit = 256 - (256 % from.length);
  while (made.length < count) {
    const byte = crypto.getRandomValues(bytes)[0] ?? 255;
    if (byte < limit) made += from.charAt(byte % from.length);
  }
  return made;
}

/** A callback token (32 letters or digits) and an EncodingAESKey (43), as WeCom's own button makes them. */
export const newCallbackSecrets = () => ({ token: pick(32, letters), aes_key: pick(42, letters) + pick(1, last) });
