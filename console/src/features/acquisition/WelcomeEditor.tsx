import { Form } from "antd";
import { PhonePreview, type PreviewMessage } from "@/components/PhonePreview";
import { useMe } from "@/api/session";
import { now } from "@/format/clock";
import { useFormat } from "@/format/useFormat";
import { useT } from "@/i18n";
import { byteLength, mediaUrl, type Attachment, type LiveCode } from "./api";
import { hasProblem, shownPicture } from "./attachments";
import { Attachments } from "./Attachments";
import { useReason } from "./StatusTag";
import { WordInput } from "./WordInput";

const MOST_BYTES = 4000;

interface Shape {
  text?: string;
  attachments?: Attachment[];
}

/** Text, pictures and links that greet a new friend, beside the chat as the customer will see it. */
export function WelcomeEditor({ code, disabled }: { code: LiveCode | undefined; disabled: boolean }) {
  const t = useT();
  const me = useMe();
  const f = useFormat();
  const form = Form.useFormInstance();
  const welcome = Form.useWatch((values: { welcome?: Shape }) => values.welcome, form);
  const text = welcome?.text ?? "";
  const used = byteLength(text);
  const staff = code?.staff[0]?.name ?? t("acquisition.welcome.sampleStaff");
  const filled = text.replaceAll("{name}", t("acquisition.welcome.example")).replaceAll("{staff}", staff);
  const messages: PreviewMessage[] = filled.trim() ? [{ kind: "text", text: filled }] : [];
  for (const part of welcome?.attachments ?? []) {
    const message = toMessage(part, t("acquisition.welcome.image"));
    if (message) messages.push(message);
  }
  return (
    <section className="ws-code-section">
      <h3>{t("acquisition.welcome.title")}<small>{t("acquisition.welcome.sub")}</small></h3>
      <div className="ws-code-welcome">
        <div>
          <WordInput
            name={["welcome", "text"]}
            multiline
            disabled={disabled}
            placeholder={t("acquisition.welcome.text")}
            lead={t("acquisition.welcome.insert")}
            words={[{ word: "name", label: t("acquisition.welcome.customer") }, { word: "staff", label: t("acquisition.welcome.staff") }]}
            right={<span className={used > MOST_BYTES ? "ws-loss" : ""}>{t("acquisition.welcome.bytes", { used })}</span>}
          />
          <Form.Item name={["welcome", "attachments"]} help="" style={{ margin: "12px 0 0" }} rules={[{ validator: (_, value: Attachment[] | undefined) => hasProblem(value ?? []) ? Promise.reject(new Error("attachments")) : Promise.resolve() }]}>
            <Attachments disabled={disabled} />
          </Form.Item>
          {code && <Outcome code={code} />}
        </div>
        {messages.length > 0
          ? <PhonePreview sender={staff} company={me.company.name} messages={messages} time={f.time(now())} footnote={t("acquisition.welcome.preview")} />
          : <p className="ws-small ws-muted">{t("acquisition.welcome.none")}</p>}
      </div>
    </section>
  );
}

function toMessage(part: Attachment, alt: string): PreviewMessage | undefined {
  if (part.kind === "image") return { kind: "image", url: mediaUrl(part.media_file_id), alt };
  if (!part.title && !part.url) return undefined;
  const picture = shownPicture(part);
  return { kind: "link", title: part.title || part.url, ...(part.desc && { description: part.desc }), ...(picture && { imageUrl: picture }) };
}

/** What became of the welcomes of the last 30 days. */
function Outcome({ code }: { code: LiveCode }) {
  const t = useT();
  const reason = useReason();
  const { sent, failed, median_seconds: seconds, reasons } = code.welcomes;
  if (sent + failed === 0) return null;
  return (
    <p className="ws-small ws-muted" style={{ marginTop: 10 }}>
      {seconds === null ? t("acquisition.welcome.statsPlain", { sent }) : t("acquisition.welcome.stats", { sent, seconds })}
      {Object.entries(reasons).map(([name, count]) => (
        <span key={name} className="ws-sub ws-needs">{t("acquisition.welcome.failed", { count, reason: reason(name) })} <span className="ws-code">{name}</span></span>
      ))}
    </p>
  );
}
