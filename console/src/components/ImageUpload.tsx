import { Progress, Upload, type UploadProps } from "antd";
import { useState, type ReactElement } from "react";
import { api } from "@/api/client";
import type { components } from "@/api/schema";
import { useT } from "@/i18n";
import { mediaPath } from "./attachmentRules";
import { useNotify } from "./useNotify";

type Media = components["schemas"]["MediaInfo"];

/** Uploads one picture at once and hands on its id; the child is what is clicked. */
export function ImageUpload({ onUploaded, children, disabled = false }: { onUploaded: (media: Media) => void; children: ReactElement; disabled?: boolean }) {
  const t = useT();
  const notify = useNotify();
  const [share, setShare] = useState<number>();

  const send: NonNullable<UploadProps["customRequest"]> = ({ file }) => {
    const form = new FormData();
    form.append("file", file as File);
    setShare(0);
    api.upload<Media>(mediaPath, form, setShare)
      .then(onUploaded)
      .catch(notify.failed)
      .finally(() => { setShare(undefined); });
  };
  if (share !== undefined) return <Progress percent={Math.round(share * 100)} size="small" format={() => t("common.attachment.uploading")} style={{ width: 180 }} />;
  return <Upload accept="image/png,image/jpeg" showUploadList={false} customRequest={send} disabled={disabled}>{children}</Upload>;
}
