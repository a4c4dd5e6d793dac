import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Alert, Button, Form, Input, Select } from "antd";
import { useState } from "react";
import { api } from "@/api/client";
import { ApiError } from "@/api/errors";
import type { components } from "@/api/schema";
import { useCan } from "@/api/session";
import { PageHeader } from "@/components/PageHeader";
import { Panel } from "@/components/Panel";
import { QueryState } from "@/components/QueryState";
import { useNotify } from "@/components/useNotify";
import { currencySymbol } from "@/format/numbers";
import { useT } from "@/i18n";
import { LimitsPanel } from "./LimitsPanel";

type Company = components["schemas"]["CompanyView"];

const path = "/api/v1/company";
const currencies = ["CNY", "HKD", "MOP", "TWD", "SGD", "MYR", "JPY", "USD", "EUR", "GBP"];

/** The brand's name, its currency and its time zone: how every figure and date of the console is written; its limits. */
export default function CompanyPage() {
  const t = useT();
  const can = useCan();
  const company = useQuery({ queryKey: ["company"], queryFn: ({ signal }) => api.get<Company>(path, undefined, signal) });
  return (
    <>
      <PageHeader
        crumbs={[{ label: t("shell.section.settings") }, { label: t("settings.menu.company") }]}
        title={t("settings.company.title")}
        lede={t("settings.company.lede")}
      />
      <Panel>
        <QueryState query={company}>{(known) => <CompanyForm known={known} />}</QueryState>
      </Panel>
      {can("company.settings.manage") && (
        <>
          <LimitsPanel
            path="/api/v1/customers/settings"
            title={t("settings.company.sharing.title")}
            sub={t("settings.company.sharing.sub")}
            fields={[{ name: "shared_mobile_limit", label: t("settings.company.sharing.limit"), min: 1, max: 50 }]}
          />
          <LimitsPanel
            path="/api/v1/company/export-limits"
            title={t("settings.company.exports.title")}
            sub={t("settings.company.exports.sub")}
            fields={[
              { name: "csv", label: t("settings.company.exports.csv"), min: 1, max: 10_000_000 },
              { name: "xlsx", label: t("settings.company.exports.xlsx"), min: 1, max: 1_000_000 },
            ]}
          />
        </>
      )}
    </>
  );
}

function CompanyForm({ known }: { known: Company }) {
  const t = useT();
  const can = useCan();
  const notify = useNotify();
  const client = useQueryClient();
  const [form] = Form.useForm<Company>();
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<string>();
  const manage = can("company.settings.manage");
  const save = async (values: Company) => {
    setBusy(true);
    setRefusal(undefined);
    try {
      await api.patch(path, values);
      await client.invalidateQueries();
      notify.done(t("common.saved"));
    } catch (failure) {
      if (!(failure instanceof ApiError)) {
        notify.failed(failure);
        return;
      }
      form.setFields(Object.entries(failure.fields).map(([name, error]) => ({ name: name as keyof Company, errors: [error] })));
      setRefusal(Object.keys(failure.fields).length > 0 ? t("common.error.checkFields") : failure.message);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Form<Company> form={form} layout="vertical" requiredMark={false} disabled={!manage} initialValues={known} onFinish={(values) => void save(values)} style={{ maxWidth: 480 }}>
      {refusal && <Alert type="error" title={refusal} style={{ marginBottom: 14 }} />}
      <Form.Item name="name" label={t("settings.company.name")} rules={[{ required: true, whitespace: true, message: t("settings.company.needName") }]}>
        <Input maxLength={80} />
      </Form.Item>
      <Form.Item name="currency" label={t("settings.company.currency")} extra={t("settings.company.currencyHelp")}>
        <Select showSearch options={[...new Set([known.currency, ...currencies])].map((value) => ({ value, label: `${value} ${currencySymbol(value)}` }))} />
      </Form.Item>
      <Form.Item name="time_zone" label={t("settings.company.timeZone")} extra={t("settings.company.timeZoneHelp")}>
        <Select showSearch options={Intl.supportedValuesOf("timeZone").map((value) => ({ value, label: value }))} />
      </Form.Item>
      {manage && <Button type="primary" htmlType="submit" loading={busy}>{t("common.action.save")}</Button>}
    </Form>
  );
}
