import { useQueryClient } from "@tanstack/react-query";
import { Alert, Button, Form, Input, Segmented, Select } from "antd";
import { useRef, useState } from "react";
import { Link, useNavigate } from "react-router";
import { ApiError } from "@/api/errors";
import { ConfirmButton } from "@/components/ConfirmButton";
import { Panel } from "@/components/Panel";
import { QueryState } from "@/components/QueryState";
import { useRefreshList } from "@/components/ServerTable";
import { useNotify } from "@/components/useNotify";
import { useFormat } from "@/format/useFormat";
import { useT } from "@/i18n";
import { discardImport, fields, importKey, importPage, paths, previewKey, runImport, saveMapping, usePreview, type FieldName, type ImportRun, type Mapping, type Options, type Preview } from "./api";
import { PreviewTable } from "./PreviewTable";

const buyerKinds = ["buyer_id", "mobile", "member_number", "unionid", "external_userid"] as const;
const dateFormats = ["auto", "%d/%m/%Y %H:%M", "%m/%d/%Y %H:%M", "%d/%m/%Y", "%m/%d/%Y", "unix", "unix_ms"] as const;

/** Which column is what; every change is saved and the first lines are shown as they would be taken. */
export function MappingForm({ run }: { run: ImportRun }) {
  const t = useT();
  const client = useQueryClient();
  const preview = usePreview(run.id, true);
  const [mapping, setMapping] = useState<Mapping>(run.mapping);
  const [options, setOptions] = useState<Options>(run.options);
  const [errors, setErrors] = useState<Readonly<Record<string, string>>>({});
  const notify = useNotify();
  const last = useRef(0);

  const save = (nextMapping: Mapping, nextOptions: Options) => {
    setMapping(nextMapping);
    setOptions(nextOptions);
    const turn = ++last.current;
    saveMapping(run.id, nextMapping, nextOptions)
      .then((seen) => {
        // An answer that a later change has overtaken says nothing any more.
        if (turn !== last.current) return;
        setErrors({});
        client.setQueryData(previewKey(run.id), seen);
      })
      .catch((failure: unknown) => {
        if (failure instanceof ApiError && Object.keys(failure.fields).length > 0) setErrors(failure.fields);
        else notify.failed(failure);
      });
  };
  const choose = (field: FieldName) => (column: string | undefined) => { save({ ...mapping, [field]: column ?? null }, options); };
  const set = (change: Partial<Options>) => { save(mapping, { ...options, ...change }); };

  return (
    <QueryState query={preview}>
      {(seen) => (
        <>
          {run.same_file && <SameFile run={run} />}
          {run.ambiguous_date && options.date_format === run.options.date_format && <Alert type="warning" showIcon title={t("commerce.map.ambiguous", { format: options.date_format })} />}
          <div className="ws-grid" style={{ gridTemplateColumns: "minmax(0, 1fr) minmax(0, 1fr)" }}>
            <Panel title={t("commerce.map.title")} sub={run.sure.length > 0 ? t("commerce.map.sub", { count: run.sure.length }) : undefined}>
              <div className="ws-map">
                {fields.map((field) => (
                  <Form.Item
                    key={field} label={t(`commerce.field.${field}`)} colon={false} layout="horizontal" labelCol={{ flex: "112px" }} labelAlign="left" htmlFor={`map-${field}`}
                    required={field === "number" || field === "placed_at"}
                    validateStatus={seen.missing.includes(field) ? "error" : ""}
                    help={seen.missing.includes(field) ? t(field === "price" ? "commerce.map.needPrice" : "commerce.map.needColumn") : undefined}
                  >
                    <Select<string> id={`map-${field}`} allowClear showSearch value={mapping[field] ?? null} placeholder={t("commerce.map.noColumn")} options={seen.columns.map((column) => ({ value: column, label: column }))} onChange={choose(field)} />
                  </Form.Item>
                ))}
              </div>
            </Panel>
            <OptionsPanel options={options} errors={errors} set={set} />
          </div>
          <Panel title={t("commerce.map.preview")} sub={t("commerce.map.previewSub")}>
            <PreviewTable preview={seen} />
          </Panel>
          <Actions run={run} seen={seen} options={options} />
        </>
      )}
    </QueryState>
  );
}

function SameFile({ run }: { run: ImportRun }) {
  const t = useT();
  const f = useFormat();
  const same = run.same_file;
  if (!same) return null;
  return (
    <Panel>
      {t("commerce.map.sameFile", { at: same.finished_at ? f.dateTime(same.finished_at) : "–", source: same.source })} <Link to={importPage(same.id)}>{t("common.action.view")}</Link>
    </Panel>
  );
}

function OptionsPanel({ options, errors, set }: { options: Options; errors: Readonly<Record<string, string>>; set: (change: Partial<Options>) => void }) {
  const t = useT();
  const item = (name: string) => ({ validateStatus: errors[`options.${name}`] ? ("error" as const) : ("" as const), help: errors[`options.${name}`] });
  const formats = [...new Set<string>([options.date_format, ...dateFormats])];
  return (
    <Panel title={t("commerce.map.options")}>
      <Form layout="vertical" component="div">
        <Form.Item label={t("commerce.map.source")} required htmlFor="import-source" extra={t("commerce.map.sourceHint")} {...item("source")}>
          <Input id="import-source" defaultValue={options.source} maxLength={60} onBlur={(event) => { if (event.target.value.trim() !== options.source) set({ source: event.target.value.trim() }); }} />
        </Form.Item>
        <Form.Item label={t("commerce.map.buyerKind")} htmlFor="import-buyer" {...item("buyer_kind")}>
          <Select id="import-buyer" value={options.buyer_kind} options={buyerKinds.map((kind) => ({ value: kind, label: t(`commerce.buyer.${kind}`) }))} onChange={(kind) => { set({ buyer_kind: kind }); }} />
        </Form.Item>
        <Form.Item label={t("commerce.map.zone")} htmlFor="import-zone" {...item("time_zone")}>
          <Input id="import-zone" defaultValue={options.time_zone} onBlur={(event) => { if (event.target.value.trim() !== options.time_zone) set({ time_zone: event.target.value.trim() }); }} />
        </Form.Item>
        <Form.Item label={t("commerce.map.dateFormat")} htmlFor="import-date" {...item("date_format")}>
          <Select id="import-date" value={options.date_format} options={formats.map((one) => ({ value: one, label: t.lookup(`commerce.dateFormat.${one}`) ?? one }))} onChange={(one: string) => { set({ date_format: one }); }} />
        </Form.Item>
        <Form.Item label={t("commerce.map.priceUnit")}>
          <Segmented<Options["price_unit"]> value={options.price_unit} options={[{ value: "major", label: t("commerce.map.major") }, { value: "minor", label: t("commerce.map.minor") }]} onChange={(unit) => { set({ price_unit: unit }); }} />
        </Form.Item>
        <Form.Item label={t("commerce.map.onError")} extra={t(`commerce.map.${options.on_error}Hint`)}>
          <Segmented<Options["on_error"]> value={options.on_error} options={[{ value: "all_or_nothing", label: t("commerce.map.all_or_nothing") }, { value: "keep_good", label: t("commerce.map.keep_good") }]} onChange={(how) => { set({ on_error: how }); }} />
        </Form.Item>
      </Form>
    </Panel>
  );
}

function Actions({ run, seen, options }: { run: ImportRun; seen: Preview; options: Options }) {
  const t = useT();
  const notify = useNotify();
  const navigate = useNavigate();
  const client = useQueryClient();
  const refresh = useRefreshList();
  const [busy, setBusy] = useState(false);
  const start = async () => {
    setBusy(true);
    try {
      client.setQueryData(importKey(run.id), await runImport(run.id));
    } catch (failure) {
      notify.failed(failure);
    } finally {
      setBusy(false);
    }
  };
  const discard = async () => {
    await discardImport(run.id);
    await refresh(paths.imports);
    await navigate("/commerce/imports");
  };
  return (
    <div className="ws-import-actions">
      <Button type="primary" size="large" loading={busy} disabled={seen.missing.length > 0 || options.source === ""} onClick={() => void start()}>
        {run.lines_total ? t("commerce.map.runLines", { count: run.lines_total }) : t("commerce.map.run")}
      </Button>
      <ConfirmButton question={t("commerce.map.discardTitle")} verb={t("commerce.map.discard")} onConfirm={discard} />
      <span className="ws-small ws-muted">{t("commerce.map.promise")}</span>
    </div>
  );
}
