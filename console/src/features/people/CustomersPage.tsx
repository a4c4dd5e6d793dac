import { Tabs } from "antd";
import { useSearchParams } from "react-router";
import { useCan } from "@/api/session";
import { PageHeader } from "@/components/PageHeader";
import { useT } from "@/i18n";
import { useCustomersTotal } from "./api";
import { CustomersTable } from "./CustomersTable";
import { DuplicatesTable } from "./DuplicatesTable";
import "./people.css";

export default function CustomersPage() {
  const t = useT();
  const can = useCan();
  const total = useCustomersTotal().data;
  const [params, setParams] = useSearchParams();
  return (
    <div className="ws-people">
      <PageHeader
        crumbs={[{ label: t("shell.section.customers") }, { label: t("people.menu.customers") }]}
        title={total ? t("people.customers.title", { total }) : t("people.customers.titleOne")}
        lede={t("people.customers.lede")}
      />
      {can("people.customer.merge") ? (
        <Tabs
          activeKey={params.get("tab") ?? "all"}
          onChange={(tab) => { setParams(tab === "all" ? {} : { tab }, { replace: true }); }}
          destroyOnHidden
          items={[
            { key: "all", label: t("people.customers.tabs.all"), children: <CustomersTable /> },
            { key: "duplicates", label: t("people.customers.tabs.duplicates"), children: <DuplicatesTable /> },
          ]}
        />
      ) : <CustomersTable />}
    </div>
  );
}
