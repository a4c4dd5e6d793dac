import type { components } from "@/api/schema";
import type { MessageKey } from "@/i18n";
import type { PreviewMessage } from "./PhonePreview";

/** What hangs on a message: welcomes and broadcasts have the same shapes. */
export type Attachment = NonNullable<components["schemas"]["Content"]["attachments"]>[number];
export type LinkAttachment = Extract<Attachment, { kind: "link" }>;
export type LinkField = "title" | "url" | "desc" | "pic_url";

/** WeCom takes nine attachments with one message, and 4,000 bytes of text. */
export const ATTACHMENTS_MOST = 9;
export const TEXT_BYTES = 4000;
/** Bytes that WeCom takes, in UTF-8. */
const limits: Record<LinkField, number> = { title: 128, url: 2048, desc: 512, pic_url: 2048 };
const address = /^https?:\/\/\S+$/;

export const mediaPath = "/api/v1/media";
export const mediaUrl = (id: number) => `${mediaPath}/${String(id)}`;

/** Bytes of UTF-8, as WeCom counts texts. */
export const byteLength = (text: string) => new TextEncoder().encode(text).length;

export type Problem = { key: Extract<MessageKey, "common.attachment.needTitle" | "common.attachment.needUrl"> } | { used: number; limit: number };

/** What is wrong with one field of a link; undefined: nothing. */
export function linkProblem(link: LinkAttachment, field: LinkField): Problem | undefined {
  const text = link[field] ?? "";
  if (field === "title" && !text.trim()) return { key: "common.attachment.needTitle" };
  if (field === "url" && !address.test(text)) return { key: "common.attachment.needUrl" };
  if (field === "pic_url" && text && !address.test(text)) return { key: "common.attachment.needUrl" };
  const used = byteLength(text);
  return used > limits[field] ? { used, limit: limits[field] } : undefined;
}

function hasProblem(attachments: readonly Attachment[]): boolean {
  return attachments.some((part) => part.kind === "link" && (Object.keys(limits) as LinkField[]).some((field) => linkProblem(part, field)));
}

/** Keeps a form from being sent with a link that WeCom would refuse; the words stand beside the link's fields. */
export const attachmentsRule = {
  validator: (_: unknown, value: Attachment[] | undefined) => (hasProblem(value ?? []) ? Promise.reject(new Error("attachments")) : Promise.resolve()),
};

const host = (url: string) => /^https?:\/\/([^/?#\s]+)/.exec(url)?.[1];

/** Text and attachments as the phone shows them, in the order they are sent; a link without a word yet is left out. */
export function previewOf(text: string, attachments: readonly Attachment[], imageAlt: string): PreviewMessage[] {
  const messages: PreviewMessage[] = text.trim() ? [{ kind: "text", text }] : [];
  for (const part of attachments) {
    if (part.kind === "image") messages.push({ kind: "image", url: mediaUrl(part.media_file_id), alt: imageAlt });
    else if (part.title || part.url) {
      const source = host(part.url);
      const picture = part.pic_url && address.test(part.pic_url) ? part.pic_url : undefined;
      messages.push({ kind: "link", title: part.title || part.url, ...(part.desc && { description: part.desc }), ...(picture && { imageUrl: picture }), ...(source && { source }) });
    }
  }
  return messages;
}
