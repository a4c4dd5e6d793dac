import { useState } from "react";
import { useCan } from "@/api/session";
import { Panel } from "@/components/Panel";
import { useNotify } from "@/components/useNotify";
import { useT } from "@/i18n";
import { changeTags, useRefreshCustomers, type Customer } from "./api";

type Tag = Customer["tag_groups"][number]["tags"][number];

export function TagsPanel({ customer, onAdd }: { customer: Customer; onAdd: () => void }) {
  const t = useT();
  const can = useCan();
  const changeable = new Set(customer.relationships.filter((one) => one.changeable).map((one) => one.id));
  const write = can("people.customer.write") && changeable.size > 0;
  return (
    <Panel title={t("people.tags.title")} extra={write && <button type="button" className="ws-link" onClick={onAdd}>{t("people.tags.add")}</button>}>
      {customer.tag_groups.length === 0
        ? <p className="ws-muted">{t("people.tags.empty")}</p>
        : customer.tag_groups.map((group) => (
          <div key={group.group_id} className="ws-taggroup">
            <span className="ws-small ws-muted">{group.group_name}</span>
            <div className="ws-tags">
              {group.tags.map((tag) => <LiveTag key={tag.id} customer={customer.id} tag={tag} from={write ? tag.relationship_ids.filter((id) => changeable.has(id)) : []} />)}
            </div>
          </div>
        ))}
    </Panel>
  );
}

/** Taken off every friendship that WeCom still lets us change. */
function LiveTag({ customer, tag, from }: { customer: number; tag: Tag; from: readonly number[] }) {
  const t = useT();
  const notify = useNotify();
  const refresh = useRefreshCustomers();
  const [busy, setBusy] = useState(false);
  const remove = async () => {
    setBusy(true);
    try {
      for (const relationship of from) await changeTags(customer, { relationship_id: relationship, add: [], remove: [tag.id] });
      notify.done(t("people.tags.removed", { tag: tag.name }));
    } catch (failure) {
      notify.failed(failure);
    } finally {
      setBusy(false);
      await refresh();
    }
  };
  const title = tag.relationship_ids.length > 1 ? t("people.tags.carriedBy", { count: tag.relationship_ids.length }) : undefined;
  return (
    <span className="ws-tag ws-tag-live" title={title}>
      <span>{tag.name}</span>
      {from.length > 0 && <button type="button" disabled={busy} aria-label={t("people.tags.remove", { tag: tag.name })} onClick={() => { void remove(); }}>×</button>}
    </span>
  );
}
