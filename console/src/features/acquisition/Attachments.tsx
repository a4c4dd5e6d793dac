import { LinkOutlined, PictureOutlined } from "@ant-design/icons";
import { Button, Form, Input } from "antd";
import { useT } from "@/i18n";
import { byteLength, mediaUrl } from "./api";
import { ImageUpload } from "./ImageUpload";

const MOST = 9;
const listName = ["welcome", "attachments"];

/** Pictures and links of a welcome, in the order they are sent. */
export function Attachments({ disabled }: { disabled: boolean }) {
  const t = useT();
  const form = Form.useFormInstance();
  const kindOf = (index: number) => form.getFieldValue([...listName, index, "kind"]) as string | undefined;
  return (
    <Form.List name={listName}>
      {(fields, { add, remove }) => (
        <div style={{ marginTop: 12 }}>
          {fields.map(({ key, name }) => (
            <div className="ws-attachment" key={key}>
              <header>
                <span>{t(kindOf(name) === "image" ? "acquisition.welcome.image" : "acquisition.welcome.link")}</span>
                {!disabled && <button type="button" className="ws-link" onClick={() => { remove(name); }}>{t("acquisition.welcome.remove")}</button>}
              </header>
              <Form.Item name={[name, "kind"]} hidden><Input /></Form.Item>
              {kindOf(name) === "image" ? <ImageRow index={name} /> : <LinkRow index={name} disabled={disabled} />}
            </div>
          ))}
          {!disabled && (
            <div style={{ display: "flex", gap: 8, flexWrap: "wrap", alignItems: "center" }}>
              <ImageUpload disabled={fields.length >= MOST} onUploaded={(media) => { add({ kind: "image", media_file_id: media.id }); }}>
                <Button size="small" icon={<PictureOutlined />} disabled={fields.length >= MOST}>{t("acquisition.welcome.addImage")}</Button>
              </ImageUpload>
              <Button size="small" icon={<LinkOutlined />} disabled={fields.length >= MOST} onClick={() => { add({ kind: "link", title: "", url: "", desc: "", pic_url: "" }); }}>{t("acquisition.welcome.addLink")}</Button>
              <span className="ws-small ws-muted">{fields.length >= MOST ? t("acquisition.welcome.tooMany") : t("acquisition.welcome.imageRule")}</span>
            </div>
          )}
        </div>
      )}
    </Form.List>
  );
}

function ImageRow({ index }: { index: number }) {
  const t = useT();
  const form = Form.useFormInstance();
  const id = form.getFieldValue([...listName, index, "media_file_id"]) as number;
  return (
    <Form.Item name={[index, "media_file_id"]} valuePropName="data-id">
      <img src={mediaUrl(id)} alt={t("acquisition.welcome.image")} />
    </Form.Item>
  );
}

function LinkRow({ index, disabled }: { index: number; disabled: boolean }) {
  const t = useT();
  const atMost = (limit: number) => ({
    validator: (_: unknown, value: string | undefined) => byteLength(value ?? "") <= limit ? Promise.resolve() : Promise.reject(new Error(`${String(byteLength(value ?? ""))} / ${String(limit)} B`)),
  });
  const address = { pattern: /^https?:\/\/\S+$/, message: t("acquisition.welcome.needUrl") };
  return (
    <>
      <Form.Item name={[index, "title"]} rules={[{ required: true, whitespace: true, message: t("acquisition.welcome.needTitle") }, atMost(128)]}>
        <Input placeholder={t("acquisition.welcome.linkTitle")} aria-label={t("acquisition.welcome.linkTitle")} disabled={disabled} />
      </Form.Item>
      <Form.Item name={[index, "url"]} rules={[{ required: true, message: t("acquisition.welcome.needUrl") }, address]}>
        <Input placeholder={`${t("acquisition.welcome.linkUrl")} https://`} aria-label={t("acquisition.welcome.linkUrl")} disabled={disabled} />
      </Form.Item>
      <Form.Item name={[index, "desc"]} rules={[atMost(512)]}>
        <Input placeholder={t("acquisition.welcome.linkDesc")} aria-label={t("acquisition.welcome.linkDesc")} disabled={disabled} />
      </Form.Item>
      <Form.Item name={[index, "pic_url"]} rules={[address]} style={{ marginBottom: 0 }}>
        <Input placeholder={`${t("acquisition.welcome.linkPicture")} https://`} aria-label={t("acquisition.welcome.linkPicture")} disabled={disabled} />
      </Form.Item>
    </>
  );
}
