import { LinkOutlined, PictureOutlined } from "@ant-design/icons";
import { Button, Form, Input } from "antd";
import { useT } from "@/i18n";
import { ATTACHMENTS_MOST, linkProblem, mediaUrl, type Attachment, type LinkAttachment, type LinkField } from "./attachmentRules";
import { ImageUpload } from "./ImageUpload";
import "./attachments.css";

interface AttachmentsProps {
  value?: Attachment[];
  onChange?: (value: Attachment[]) => void;
  disabled?: boolean;
}

/** Pictures and links of a message, in the order they are sent: one field of the form. */
export function Attachments({ value = [], onChange, disabled = false }: AttachmentsProps) {
  const t = useT();
  const { status } = Form.Item.useStatus();
  const put = (index: number, part: Attachment) => { onChange?.(value.map((old, at) => (at === index ? part : old))); };
  const add = (part: Attachment) => { onChange?.([...value, part]); };
  const full = value.length >= ATTACHMENTS_MOST;
  return (
    <>
      {value.map((part, index) => (
        <div className="ws-attachment" key={index}>
          <header>
            <span>{t(part.kind === "image" ? "common.attachment.image" : "common.attachment.link")}</span>
            {!disabled && <button type="button" className="ws-link" onClick={() => { onChange?.(value.filter((_, at) => at !== index)); }}>{t("common.attachment.remove")}</button>}
          </header>
          {part.kind === "image"
            ? <img src={mediaUrl(part.media_file_id)} alt={t("common.attachment.image")} />
            : <LinkFields link={part} checked={status === "error"} disabled={disabled} onChange={(link) => { put(index, link); }} />}
        </div>
      ))}
      {!disabled && (
        <div className="ws-attachment-add">
          <ImageUpload disabled={full} onUploaded={(media) => { add({ kind: "image", media_file_id: media.id }); }}>
            <Button size="small" icon={<PictureOutlined />} disabled={full}>{t("common.attachment.addImage")}</Button>
          </ImageUpload>
          <Button size="small" icon={<LinkOutlined />} disabled={full} onClick={() => { add({ kind: "link", title: "", url: "", desc: "", pic_url: "" }); }}>{t("common.attachment.addLink")}</Button>
          <span className="ws-small ws-muted">{t("common.attachment.rule", { most: ATTACHMENTS_MOST })}</span>
        </div>
      )}
    </>
  );
}

interface LinkFieldsProps {
  link: LinkAttachment;
  /** The form has been submitted with something wrong: say also what is missing. */
  checked: boolean;
  disabled: boolean;
  onChange: (link: LinkAttachment) => void;
}

function LinkFields({ link, checked, disabled, onChange }: LinkFieldsProps) {
  const t = useT();
  const labels: readonly [LinkField, string][] = [
    ["title", t("common.attachment.linkTitle")],
    ["url", t("common.attachment.linkUrl")],
    ["desc", t("common.attachment.linkDesc")],
    ["pic_url", t("common.attachment.linkPicture")],
  ];
  return (
    <div className="ws-attachment-fields">
      {labels.map(([field, label]) => {
        const found = checked || link[field] ? linkProblem(link, field) : undefined;
        return (
          <label key={field}>
            <span>{label}</span>
            <Input
              value={link[field] ?? ""}
              placeholder={field === "url" || field === "pic_url" ? "https://" : ""}
              disabled={disabled}
              status={found ? "error" : ""}
              onChange={(event) => { onChange({ ...link, [field]: event.target.value }); }}
            />
            {found && <div className="ws-small ws-loss">{"key" in found ? t(found.key) : t("common.attachment.tooLong", found)}</div>}
          </label>
        );
      })}
    </div>
  );
}
