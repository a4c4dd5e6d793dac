import { Form, Input } from "antd";
import { FormDrawer } from "@/components/FormDrawer";
import { useNotify } from "@/components/useNotify";
import { useT } from "@/i18n";
import { changeRemark, useRefreshCustomers, type Relationship } from "./api";

interface Values {
  remark: string;
  description: string;
}

/** WeCom's own limits: 20 and 150 characters. */
const longest = { remark: 20, description: 150 } as const;

export function RemarkDrawer({ customer, relationship, onClose }: { customer: number; relationship: Relationship | undefined; onClose: () => void }) {
  const t = useT();
  const notify = useNotify();
  const refresh = useRefreshCustomers();
  const save = async ({ remark, description }: Values) => {
    if (!relationship) return;
    const planned = await changeRemark(customer, relationship.id, { remark: (remark ?? "").trim(), description: (description ?? "").trim() });
    await refresh();
    notify.done(t(planned.outbox_id === null ? "people.remark.same" : "people.remark.saved"));
  };
  return (
    <FormDrawer<Values>
      key={relationship?.id ?? 0}
      open={relationship !== undefined}
      width={440}
      title={t("people.remark.title")}
      initial={{ remark: relationship?.remark ?? "", description: relationship?.description ?? "" }}
      footnote={relationship && t("people.remark.footnote", { staff: relationship.staff_name })}
      onClose={onClose}
      onSubmit={save}
    >
      <Form.Item name="remark" label={t("people.remark.remark")} extra={t("people.remark.remarkHelp")}>
        <Input maxLength={longest.remark} showCount />
      </Form.Item>
      <Form.Item name="description" label={t("people.remark.description")} extra={t("people.remark.descriptionHelp")}>
        <Input.TextArea maxLength={longest.description} showCount autoSize={{ minRows: 3, maxRows: 8 }} />
      </Form.Item>
    </FormDrawer>
  );
}
