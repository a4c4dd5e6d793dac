import type { MessageKey } from "@/i18n";
import { byteLength, type Attachment, type LinkAttachment } from "./api";

export type LinkField = "title" | "url" | "desc" | "pic_url";
/** Bytes that WeCom takes, in UTF-8. */
const limits: Record<LinkField, number> = { title: 128, url: 2048, desc: 512, pic_url: 2048 };
const address = /^https?:\/\/\S+$/;

export type Problem = { key: Extract<MessageKey, "acquisition.welcome.needTitle" | "acquisition.welcome.needUrl"> } | { used: number; limit: number };

/** What is wrong with one field of a link; undefined: nothing. */
export function linkProblem(link: LinkAttachment, field: LinkField): Problem | undefined {
  const text = link[field] ?? "";
  if (field === "title" && !text.trim()) return { key: "acquisition.welcome.needTitle" };
  if (field === "url" && !address.test(text)) return { key: "acquisition.welcome.needUrl" };
  if (field === "pic_url" && text && !address.test(text)) return { key: "acquisition.welcome.needUrl" };
  const used = byteLength(text);
  return used > limits[field] ? { used, limit: limits[field] } : undefined;
}

export function hasProblem(attachments: readonly Attachment[]): boolean {
  return attachments.some((part) => part.kind === "link" && (Object.keys(limits) as LinkField[]).some((field) => linkProblem(part, field)));
}

export const shownPicture = (link: LinkAttachment) => (link.pic_url && address.test(link.pic_url) ? link.pic_url : undefined);
