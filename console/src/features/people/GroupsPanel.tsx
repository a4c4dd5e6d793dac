import { Link } from "react-router";
import { useCan } from "@/api/session";
import { Panel } from "@/components/Panel";
import { useFormat } from "@/format/useFormat";
import { useT } from "@/i18n";
import type { Customer } from "./api";
import { groupNameOf } from "./names";

/** The customer groups somebody is in, and small below those they were in. */
export function GroupsPanel({ customer }: { customer: Customer }) {
  const t = useT();
  const f = useFormat();
  const can = useCan();
  const inside = customer.groups.filter((one) => one.left_at === null).length;
  return (
    <Panel title={inside > 0 ? t("people.inGroups.title", { count: inside }) : t("people.inGroups.titleNone")}>
      {customer.groups.length === 0
        ? <p className="ws-muted">{t("people.inGroups.empty")}</p>
        : (
          <ul className="ws-rows">
            {customer.groups.map((one) => {
              const name = groupNameOf(t, one);
              const when = one.left_at ? t("people.inGroups.left", { date: f.date(one.left_at) }) : t("people.inGroups.joined", { date: f.date(one.joined_at), scene: t(`people.groups.scenes.${one.join_scene}`) });
              return (
                <li key={`${String(one.id)}-${one.joined_at}`} className="ws-person-main">
                  {can("people.group.read") ? <Link to={`/groups/${String(one.id)}`}>{name}</Link> : name}
                  <span className="ws-sub">{[one.owner_name, one.store_name].filter(Boolean).join(" · ")}</span>
                  <span className="ws-sub" title={f.exact(one.left_at ?? one.joined_at)}>{when}</span>
                </li>
              );
            })}
          </ul>
        )}
    </Panel>
  );
}
