import { LinkOutlined, PictureOutlined } from "@ant-design/icons";
import { Button, Form, Input } from "antd";
import { useT } from "@/i18n";
import { mediaUrl, type Attachment, type LinkAttachment } from "./api";
import { linkProblem, type LinkField } from "./attachments";
import { ImageUpload } from "./ImageUpload";

const MOST = 9;

interface AttachmentsProps {
  value?: Attachment[];
  onChange?: (value: Attachment[]) => void;
  disabled: boolean;
}

/** Pictures and links of a welcome, in the order they are sent: one field of the form. */
export function Attachments({ value = [], onChange, disabled }: AttachmentsProps) {
  const t = useT();
  const { status } = Form.Item.useStatus();
  const put = (index: number, part: Attachment) => { onChange?.(value.map((old, at) => (at === index ? part : old))); };
  const add = (part: Attachment) => { onChange?.([...value, part]); };
  const full = value.length >= MOST;
  return (
    <>
      {value.map((part, index) => (
        <div className="ws-attachment" key={index}>
          <header>
            <span>{t(part.kind === "image" ? "acquisition.welcome.image" : "acquisition.welcome.link")}</span>
            {!disabled && <button type="button" className="ws-link" onClick={() => { onChange?.(value.filter((_, at) => at !== index)); }}>{t("acquisition.welcome.remove")}</button>}
          </header>
          {part.kind === "image"
            ? <img src={mediaUrl(part.media_file_id)} alt={t("acquisition.welcome.image")} />
            : <LinkFields link={part} checked={status === "error"} disabled={disabled} onChange={(link) => { put(index, link); }} />}
        </div>
      ))}
      {!disabled && (
        <div className="ws-attachment-add">
          <ImageUpload disabled={full} onUploaded={(media) => { add({ kind: "image", media_file_id: media.id }); }}>
            <Button size="small" icon={<PictureOutlined />} disabled={full}>{t("acquisition.welcome.addImage")}</Button>
          </ImageUpload>
          <Button size="small" icon={<LinkOutlined />} disabled={full} onClick={() => { add({ kind: "link", title: "", url: "", desc: "", pic_url: "" }); }}>{t("acquisition.welcome.addLink")}</Button>
          <span className="ws-small ws-muted">{full ? t("acquisition.welcome.tooMany") : t("acquisition.welcome.imageRule")}</span>
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
    ["title", t("acquisition.welcome.linkTitle")],
    ["url", `${t("acquisition.welcome.linkUrl")} https://`],
    ["desc", t("acquisition.welcome.linkDesc")],
    ["pic_url", `${t("acquisition.welcome.linkPicture")} https://`],
  ];
  return (
    <>
      {labels.map(([field, label]) => {
        const found = checked || link[field] ? linkProblem(link, field) : undefined;
        return (
          <div className="ws-attachment-field" key={field}>
            <Input
              value={link[field] ?? ""}
              placeholder={label}
              aria-label={label}
              disabled={disabled}
              status={found ? "error" : ""}
              onChange={(event) => { onChange({ ...link, [field]: event.target.value }); }}
            />
            {found && <div className="ws-small ws-loss">{"key" in found ? t(found.key) : t("acquisition.welcome.tooLong", found)}</div>}
          </div>
        );
      })}
    </>
  );
}
