import { Form } from "antd";
import { useMe } from "@/api/session";
import { Attachments } from "@/components/Attachments";
import { attachmentsRule, byteLength, previewOf, TEXT_BYTES, type Attachment } from "@/components/attachmentRules";
import { PhonePreview } from "@/components/PhonePreview";
import { now } from "@/format/clock";
import { useFormat } from "@/format/useFormat";
import { useT } from "@/i18n";
import type { LiveCode } from "./api";
import { useReason } from "./StatusTag";
import { WordInput } from "./WordInput";

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
  const messages = previewOf(filled, welcome?.attachments ?? [], t("common.attachment.image"));
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
            right={<span className={used > TEXT_BYTES ? "ws-loss" : ""}>{t("acquisition.welcome.bytes", { used })}</span>}
          />
          <Form.Item name={["welcome", "attachments"]} help="" style={{ margin: "12px 0 0" }} rules={[attachmentsRule]}>
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
