import { useState } from "react";
import { useCan } from "@/api/session";
import { CustomerAvatar } from "@/components/CustomerAvatar";
import { Panel } from "@/components/Panel";
import { useFormat } from "@/format/useFormat";
import { useT, type Translate } from "@/i18n";
import type { Customer, Relationship } from "./api";
import { statusClass } from "./names";
import { RemarkDrawer } from "./RemarkDrawer";

const statusName = (t: Translate, status: string) => t.lookup(`people.status.${status}`) ?? status;

export function RelationshipsPanel({ customer }: { customer: Customer }) {
  const t = useT();
  const [edited, setEdited] = useState<Relationship>();
  return (
    <Panel title={t("people.relationship.title")}>
      {customer.relationships.length === 0
        ? <p className="ws-muted">{t("people.relationship.empty")}</p>
        : (
          <ul className="ws-rows">
            {customer.relationships.map((one) => <RelationshipItem key={one.id} one={one} onEdit={() => { setEdited(one); }} />)}
          </ul>
        )}
      <RemarkDrawer customer={customer.id} relationship={edited} onClose={() => { setEdited(undefined); }} />
    </Panel>
  );
}

function RelationshipItem({ one, onEdit }: { one: Relationship; onEdit: () => void }) {
  const t = useT();
  const f = useFormat();
  const can = useCan();
  const way = t.lookup(`people.relationship.ways.${String(one.add_way)}`) ?? t("people.relationship.ways.0");
  return (
    <li className="ws-person-row">
      <CustomerAvatar name={one.staff_name} kind="staff" size={28} />
      <div className="ws-person-main">
        {one.staff_name}
        {one.staff_status === "left" && <span className="ws-small ws-muted"> {t("people.relationship.leftStaff")}</span>}
        <span className="ws-sub">{[one.store_name, way, f.date(one.added_at)].filter(Boolean).join(" · ")}</span>
        {one.remark && <span className="ws-sub">{t("people.relationship.remark", { remark: one.remark })}</span>}
        {one.description && <span className="ws-sub">{one.description}</span>}
        {one.waiting > 0 && <span className="ws-sub ws-needs">{t("people.relationship.waiting")}</span>}
        {one.changeable && can("people.customer.write") && <button type="button" className="ws-link" onClick={onEdit}>{t("people.relationship.editRemark")}</button>}
        {one.life.length > 0 && (
          <details className="ws-life">
            <summary>{t("people.relationship.life", { count: one.life.length })}</summary>
            <ol>
              {one.life.map((step) => (
                <li key={`${step.at}-${step.to_status}`}>
                  {step.from_status === null
                    ? t("people.relationship.began", { to: statusName(t, step.to_status) })
                    : t("people.relationship.step", { from: statusName(t, step.from_status), to: statusName(t, step.to_status) })}
                  <span className="ws-sub">{f.dateTime(step.at)} · {t.lookup(`people.relationship.causes.${step.cause}`) ?? step.cause}</span>
                </li>
              ))}
            </ol>
          </details>
        )}
      </div>
      <span className={statusClass(one.status)}>{statusName(t, one.status)}</span>
    </li>
  );
}
