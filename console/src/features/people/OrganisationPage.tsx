import { Tabs } from "antd";
import { useSearchParams } from "react-router";
import { PageHeader } from "@/components/PageHeader";
import { useT } from "@/i18n";
import { useOrganisation } from "./api";
import { DepartmentsTree } from "./DepartmentsTree";
import { StaffTable } from "./StaffTable";
import "./people.css";

export default function OrganisationPage() {
  const t = useT();
  const organisation = useOrganisation();
  const [params, setParams] = useSearchParams();
  const data = organisation.data;
  return (
    <div className="ws-people">
      <PageHeader
        crumbs={[{ label: t("shell.section.settings") }, { label: t("people.menu.organisation") }]}
        title={data && data.departments.length > 0 ? t("people.organisation.title", { stores: data.stores, staff: data.staff, friends: data.friends }) : t("people.organisation.titleOne")}
        lede={t("people.organisation.lede")}
      />
      <Tabs
        activeKey={params.get("tab") ?? "tree"}
        onChange={(tab) => { setParams(tab === "tree" ? {} : { tab }, { replace: true }); }}
        destroyOnHidden
        items={[
          { key: "tree", label: t("people.organisation.tabs.tree"), children: <DepartmentsTree organisation={organisation} /> },
          { key: "staff", label: t("people.organisation.tabs.staff"), children: <StaffTable departments={data?.departments ?? []} /> },
        ]}
      />
    </div>
  );
}
