import { useQueryClient } from "@tanstack/react-query";
import { Alert, Button, Form, Input, Switch } from "antd";
import { useCan } from "@/api/session";
import { ConfirmButton } from "@/components/ConfirmButton";
import { FormDrawer } from "@/components/FormDrawer";
import { StaffPicker, StorePicker, TagPicker } from "@/components/Pickers";
import { useRefreshList } from "@/components/ServerTable";
import { useNotify } from "@/components/useNotify";
import { useT } from "@/i18n";
import { codeKey, codesSummaryKey, codeVerb, channelsKey, paths, saveCode, type LiveCode, type LiveCodeBody } from "./api";
import { ChannelPicker } from "./ChannelPicker";
import { PosterPanel } from "./PosterPanel";
import { useReason } from "./StatusTag";
import { WelcomeEditor } from "./WelcomeEditor";
import { WordInput } from "./WordInput";

type Values = LiveCodeBody;
const fresh: Partial<Values> = { store_id: null, staff_ids: [], tag_ids: [], skip_verify: true, remark_template: "", welcome: { text: "", attachments: [] }, poster: { title: "", subtitle: "", look: "paper" } };

const valuesOf = (code: LiveCode): Values => ({
  name: code.name,
  channel_id: code.channel.id,
  store_id: code.store?.id ?? null,
  staff_ids: code.staff.map((member) => member.id),
  skip_verify: code.skip_verify,
  remark_template: code.remark_template,
  tag_ids: code.tags.map((tag) => tag.id),
  welcome: code.welcome,
  poster: code.poster,
});

/** A picker gives an array; the API takes one id or none. */
const oneId = { getValueProps: (id: number | null | undefined) => ({ value: id == null ? [] : [id] }), getValueFromEvent: (ids: number[]) => ids[0] ?? null };

export function LiveCodeDrawer({ code, open, onClose }: { code: LiveCode | undefined; open: boolean; onClose: () => void }) {
  const t = useT();
  const can = useCan();
  const notify = useNotify();
  const client = useQueryClient();
  const refreshList = useRefreshList();
  const disabled = !can("acquisition.code.write");

  const refresh = async (saved?: LiveCode) => {
    if (saved) client.setQueryData(codeKey(saved.id), saved);
    await Promise.all([refreshList(paths.codes), client.invalidateQueries({ queryKey: codesSummaryKey }), client.invalidateQueries({ queryKey: channelsKey })]);
  };
  const save = async (values: Values) => {
    const saved = await saveCode(code, { ...values, remark_template: values.remark_template ?? "" });
    await refresh(saved);
    notify.done(t(code ? "acquisition.code.saved" : "acquisition.code.made", { name: saved.name }));
  };

  return (
    <FormDrawer<Values>
      key={code?.id ?? "new"}
      open={open}
      width={720}
      title={code ? <>{t("acquisition.code.edit")} <span style={{ marginInlineStart: 8 }}>{code.name}</span></> : t("acquisition.code.create")}
      initial={code ? valuesOf(code) : fresh}
      onClose={onClose}
      onSubmit={disabled ? () => Promise.resolve() : save}
      submitLabel={disabled ? t("common.action.close") : code ? t("common.action.save") : t("acquisition.code.createVerb")}
      footnote={disabled ? t("acquisition.code.readOnly") : code ? t("acquisition.code.footnote") : t("acquisition.code.footnoteNew")}
    >
      {code && <Standing code={code} disabled={disabled} onChanged={refresh} onClose={onClose} />}
      <div className="ws-code-form">
        <div>
          <Form.Item name="name" label={t("acquisition.code.name")} rules={[{ required: true, whitespace: true, message: t("acquisition.code.needName") }]}>
            <Input maxLength={60} disabled={disabled} />
          </Form.Item>
          <Form.Item name="channel_id" label={t("acquisition.code.channel")} rules={[{ required: true, message: t("acquisition.code.needChannel") }]}>
            <ChannelPicker known={code?.channel} disabled={disabled} />
          </Form.Item>
          <Form.Item name="store_id" label={t("acquisition.code.store")} extra={t("acquisition.code.storeHelp")} {...oneId}>
            <StorePicker multiple={false} disabled={disabled} known={code?.store ? [code.store] : []} placeholder={t("acquisition.codes.hq")} />
          </Form.Item>
          <Form.Item name="staff_ids" label={t("acquisition.code.staff")} extra={t("acquisition.code.staffHelp")} rules={[{ required: true, type: "array", min: 1, message: t("acquisition.code.needStaff") }]}>
            <StaffPicker disabled={disabled} known={code?.staff ?? []} />
          </Form.Item>
          <Form.Item label={t("acquisition.code.skipVerify")} name="skip_verify" valuePropName="checked" layout="horizontal" colon={false}>
            <Switch size="small" disabled={disabled} />
          </Form.Item>
          <Form.Item name="tag_ids" label={t("acquisition.code.tags")} extra={t("acquisition.code.tagsHelp")}>
            <TagPicker disabled={disabled} known={code?.tags ?? []} />
          </Form.Item>
          <div style={{ marginBottom: 18 }}>
            <WordInput
              name="remark_template"
              label={t("acquisition.code.remark")}
              disabled={disabled}
              maxLength={100}
              placeholder={t("acquisition.code.remarkNone")}
              lead={t("acquisition.code.remarkHelp")}
              words={[
                { word: "name", label: t("acquisition.code.wordName") },
                { word: "channel", label: t("acquisition.code.wordChannel") },
                { word: "code", label: t("acquisition.code.wordCode") },
                { word: "date", label: t("acquisition.code.wordDate") },
              ]}
              right={code?.remark_example ? t("acquisition.code.remarkExample", { example: code.remark_example }) : undefined}
            />
          </div>
        </div>
        <PosterPanel code={code} disabled={disabled} />
      </div>
      <WelcomeEditor code={code} disabled={disabled} />
    </FormDrawer>
  );
}

interface StandingProps {
  code: LiveCode;
  disabled: boolean;
  onChanged: (code: LiveCode) => Promise<void>;
  onClose: () => void;
}

/** What needs somebody, what the code has brought, and its verbs. */
function Standing({ code, disabled, onChanged, onClose }: StandingProps) {
  const t = useT();
  const notify = useNotify();
  const reason = useReason();
  const unable = code.staff.filter((member) => !member.able).map((member) => member.name);
  const run = async (verb: "retry" | "archive" | "restore", done: string) => {
    await onChanged(await codeVerb(code.id, verb));
    notify.done(done);
  };
  const retry = <Button size="small" onClick={() => { run("retry", t("acquisition.code.retried")).catch(notify.failed); }}>{t("acquisition.code.retry")}</Button>;
  return (
    <div style={{ display: "grid", gap: 10, marginBottom: 16 }}>
      {code.error && (
        <Alert
          type={code.has_qr ? "warning" : "error"}
          title={<>{t("acquisition.code.refusedTitle", { reason: reason(code.error) })} <span className="ws-code">{code.error}</span></>}
          {...(code.has_qr && { description: t("acquisition.code.refusedWay") })}
          {...(!disabled && { action: retry })}
        />
      )}
      {unable.length > 0 && <Alert type="warning" title={t("acquisition.code.unable", { names: unable.join("、") })} />}
      {code.archived_at && <Alert type="info" title={t("acquisition.code.archivedNote")} />}
      <div style={{ display: "flex", gap: 12, alignItems: "baseline", flexWrap: "wrap" }}>
        <span className="ws-small ws-muted" style={{ marginRight: "auto" }}>
          {t("acquisition.code.figures", { total: code.figures.total, today: code.figures.today, recent: code.figures.last_30_days })}
        </span>
        {!disabled && !code.archived_at && (
          <ConfirmButton
            size="small"
            type="link"
            verb={t("acquisition.code.archive")}
            question={t("acquisition.code.archiveQuestion", { name: code.name })}
            consequence={t("acquisition.code.archiveConsequence")}
            onConfirm={async () => {
              await run("archive", t("acquisition.code.archivedDone", { name: code.name }));
              onClose();
            }}
          />
        )}
        {!disabled && code.archived_at && (
          <Button size="small" onClick={() => { run("restore", t("acquisition.code.restored", { name: code.name })).catch(notify.failed); }}>{t("acquisition.code.restore")}</Button>
        )}
      </div>
    </div>
  );
}
