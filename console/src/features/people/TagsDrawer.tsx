import { Form, Input, Select } from "antd";
import { useState } from "react";
import { FormDrawer } from "@/components/FormDrawer";
import { QueryState } from "@/components/QueryState";
import { useNotify } from "@/components/useNotify";
import { useT } from "@/i18n";
import { changeTags, useRefreshCustomers, useTagTree, type Customer, type TagTree } from "./api";

interface Values {
  relationship_id: number;
  tag_ids: number[];
}

const carriedBy = (customer: Customer, relationship: number | undefined) =>
  customer.tag_groups.flatMap((group) => group.tags).filter((tag) => relationship !== undefined && tag.relationship_ids.includes(relationship)).map((tag) => tag.id);

/** Tags of one friendship: WeCom keeps them apart for each member of staff. */
export function TagsDrawer({ customer, open, onClose }: { customer: Customer; open: boolean; onClose: () => void }) {
  const t = useT();
  const notify = useNotify();
  const refresh = useRefreshCustomers();
  const relationships = customer.relationships.filter((one) => one.changeable);
  const first = relationships[0]?.id;
  const save = async ({ relationship_id: relationship, tag_ids: chosen }: Values) => {
    const before = carriedBy(customer, relationship);
    const add = chosen.filter((id) => !before.includes(id));
    const remove = before.filter((id) => !chosen.includes(id));
    if (add.length + remove.length === 0) {
      notify.done(t("people.tags.same"));
      return;
    }
    const planned = await changeTags(customer.id, { relationship_id: relationship, add, remove });
    await refresh();
    notify.done(t(planned.outbox_id === null ? "people.tags.same" : "people.tags.saved"));
  };
  return (
    <FormDrawer<Values>
      open={open}
      width={480}
      title={t("people.tags.add")}
      initial={{ ...(first !== undefined && { relationship_id: first }), tag_ids: carriedBy(customer, first) }}
      footnote={t("people.tags.footnote")}
      onClose={onClose}
      onSubmit={save}
    >
      {(form) => (
        <>
          <Form.Item name="relationship_id" label={t("people.tags.relationship")} extra={relationships.length === 0 && t("people.tags.cannot")} rules={[{ required: true, message: t("people.tags.cannot") }]}>
            <Select<number>
              disabled={relationships.length < 2}
              options={relationships.map((one) => ({ value: one.id, label: [one.staff_name, one.store_name, t(`people.status.${one.status}`)].filter(Boolean).join(" · ") }))}
              onChange={(relationship) => { form.setFieldValue("tag_ids", carriedBy(customer, relationship)); }}
            />
          </Form.Item>
          <Form.Item name="tag_ids" label={t("people.tags.which")}>
            <TagChooser />
          </Form.Item>
        </>
      )}
    </FormDrawer>
  );
}

/** `value` and `onChange` come from the form. */
function TagChooser({ value = [], onChange }: { value?: number[]; onChange?: (ids: number[]) => void }) {
  const tree = useTagTree();
  return <QueryState query={tree}>{(data) => <Groups tree={data} value={value} onChange={(ids) => onChange?.(ids)} />}</QueryState>;
}

function Groups({ tree, value, onChange }: { tree: TagTree; value: readonly number[]; onChange: (ids: number[]) => void }) {
  const t = useT();
  const [q, setQ] = useState("");
  const wanted = q.trim().toLowerCase();
  const groups = tree.groups
    .map((group) => ({ ...group, tags: group.tags.filter((tag) => `${group.name} ${tag.name}`.toLowerCase().includes(wanted)) }))
    .filter((group) => group.tags.length > 0);
  if (tree.groups.every((group) => group.tags.length === 0)) return <p className="ws-muted">{t("people.tags.none")}</p>;
  return (
    <div className="ws-people">
      <Input allowClear placeholder={t("people.tags.search")} aria-label={t("people.tags.search")} value={q} onChange={(event) => { setQ(event.target.value); }} />
      <div className="ws-tagpick">
        {groups.length === 0 && <p className="ws-muted">{t("people.tags.noMatch")}</p>}
        {groups.map((group) => (
          <div key={group.id}>
            <span className="ws-small ws-muted">{group.name}</span>
            <div className="ws-tags">
              {group.tags.map((tag) => {
                const on = value.includes(tag.id);
                return <button key={tag.id} type="button" aria-pressed={on} onClick={() => { onChange(on ? value.filter((id) => id !== tag.id) : [...value, tag.id]); }}>{tag.name}</button>;
              })}
            </div>
          </div>
        ))}
      </div>
    </div>
  );
}
