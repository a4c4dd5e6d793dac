import { useQuery } from "@tanstack/react-query";
import { Form, Segmented } from "antd";
import { api } from "@/api/client";
import type { Page } from "@/api/types";
import { DepartmentPicker, StaffPicker, StorePicker } from "@/components/Pickers";
import { useT } from "@/i18n";
import type { ScopeBody } from "./api";

type Kind = ScopeBody["kind"];

/** Form fields `scope.kind`, `scope.department_id`, `scope.staff_id`. */
export function ScopeFields({ kinds }: { kinds: readonly Kind[] }) {
  const t = useT();
  const kind = Form.useWatch<Kind | undefined>(["scope", "kind"]) ?? "all";
  return (
    <>
      <Form.Item name={["scope", "kind"]} label={t("settings.scope.label")} extra={t(`settings.scope.help.${kind}`)}>
        <Segmented options={kinds.map((value) => ({ value, label: t(`settings.scope.${value}`) }))} />
      </Form.Item>
      {kind === "store" && (
        <Form.Item name={["scope", "department_id"]} label={t("settings.scope.storeField")}>
          <StorePicker multiple={false} />
        </Form.Item>
      )}
      {kind === "region" && (
        <Form.Item name={["scope", "department_id"]} label={t("settings.scope.department")}>
          <DepartmentPicker multiple={false} />
        </Form.Item>
      )}
      {kind === "own" && (
        <Form.Item name={["scope", "staff_id"]} label={t("settings.scope.staffField")}>
          <StaffPicker multiple={false} />
        </Form.Item>
      )}
    </>
  );
}

interface Named {
  id: number;
  name: string;
}

/** "一家门店：杭州湖滨店": names come from the organisation, which may be empty before the first sync. */
export function ScopeText({ scope }: { scope: ScopeBody }) {
  const t = useT();
  const path = scope.kind === "own" ? "/api/v1/staff" : "/api/v1/departments";
  const id = scope.kind === "own" ? scope.staff_id : scope.department_id;
  const { data } = useQuery({
    queryKey: ["picker", path, "ids", [id]],
    queryFn: ({ signal }) => api.get<Page<Named>>(path, { ids: [id ?? 0], page_size: 200 }, signal),
    enabled: scope.kind !== "all" && id != null,
    staleTime: 300_000,
  });
  const name = data?.items.find((item) => item.id === id)?.name;
  return (
    <>
      {t(`settings.scope.${scope.kind}`)}
      {scope.kind !== "all" && name && <span className="ws-sub">{name}</span>}
    </>
  );
}
