import { Link } from "react-router";
import { useCan } from "@/api/session";
import { Who } from "@/components/CustomerAvatar";
import { dayFilter } from "@/components/DayFilter";
import { ServerTable, type TableColumn } from "@/components/ServerTable";
import { useFormat } from "@/format/useFormat";
import { useT } from "@/i18n";
import { movesPath, peoplePath, type Move, type PeoplePage } from "./api";

type Person = PeoplePage["items"][number];

interface ListProps {
  segment: number;
  onWhy: (customer: number) => void;
}

/** Everybody's page is one click away; whoever has no name is known by the number. */
function CustomerLink({ id, name }: { id: number; name: string }) {
  const t = useT();
  const can = useCan();
  const who = <Who name={name || t("segments.preview.noName")} note={name ? null : `#${String(id)}`} />;
  return can("people.customer.read") ? <Link to={`/customers/${String(id)}`}>{who}</Link> : who;
}

function WhyLink({ onClick }: { onClick: () => void }) {
  const t = useT();
  return <button type="button" className="ws-link" onClick={onClick}>{t("segments.preview.why")}</button>;
}

/** Who entered and left, newest first. */
export function MovesTable({ segment, onWhy, kept }: ListProps & { kept: boolean }) {
  const t = useT();
  const f = useFormat();
  const can = useCan();
  const columns: TableColumn<Move>[] = [
    { key: "customer", title: t("segments.preview.customer"), card: "title", render: (row) => <CustomerLink id={row.customer_id} name={row.name} /> },
    { key: "entered", title: t("segments.membership.moves.way"), card: "extra", render: (row) => <span className={row.entered ? "ws-tag is-brand" : "ws-tag"}>{t(row.entered ? "segments.membership.moves.in" : "segments.membership.moves.out")}</span> },
    { key: "at", title: t("segments.membership.moves.at"), sort: true, render: (row) => <span title={f.exact(row.at)}>{f.moment(row.at)}</span> },
    { key: "store", title: t("segments.preview.store"), render: (row) => row.store_name },
    { key: "staff", title: t("segments.preview.staff"), render: (row) => row.staff_name || <span className="ws-muted">{t("segments.preview.unreachable")}</span> },
    { key: "why", title: "", align: "right", render: (row) => <WhyLink onClick={() => { onWhy(row.customer_id); }} /> },
  ];
  return (
    <ServerTable<Move>
      path={movesPath(segment)}
      prefix="m_"
      columns={columns}
      rowKey={(row) => row.id}
      searchHint={t("segments.membership.search")}
      filters={[
        { kind: "select", name: "entered", label: t("segments.membership.moves.way"), options: [{ value: "true", label: t("segments.membership.moves.in") }, { value: "false", label: t("segments.membership.moves.out") }] },
        dayFilter("since", t("segments.membership.moves.since")),
        dayFilter("until", t("segments.membership.moves.until"), true),
      ]}
      defaultSort="-at"
      exportable={can("segments.people.export")}
      refreshMs={kept ? 10_000 : false}
      empty={{ title: t("segments.membership.moves.empty"), hint: t(kept ? "segments.membership.moves.emptyHint" : "segments.membership.moves.emptyOff") }}
    />
  );
}

/** The people of now, by number; the file holds the same. */
export function PeopleTable({ segment, onWhy }: ListProps) {
  const t = useT();
  const f = useFormat();
  const can = useCan();
  const columns: TableColumn<Person>[] = [
    { key: "customer", title: t("segments.preview.customer"), card: "title", render: (row) => <CustomerLink id={row.id} name={row.name} /> },
    { key: "store", title: t("segments.preview.store"), render: (row) => row.store_name },
    { key: "staff", title: t("segments.preview.staff"), render: (row) => row.staff_name || <span className="ws-muted">{t("segments.preview.unreachable")}</span> },
    { key: "why", title: "", align: "right", card: "extra", render: (row) => <WhyLink onClick={() => { onWhy(row.id); }} /> },
  ];
  return (
    <ServerTable<Person>
      path={peoplePath(segment)}
      prefix="p_"
      columns={columns}
      rowKey={(row) => row.id}
      searchHint={t("segments.membership.search")}
      exportable={can("segments.people.export")}
      summary={(page) => { const asOf = (page as PeoplePage).as_of; return asOf && <span className="ws-small ws-muted">{t("segments.history.asOf", { when: f.moment(asOf) })}</span>; }}
      empty={{ title: t("segments.preview.sampleNone"), hint: t("segments.membership.peopleEmptyHint") }}
    />
  );
}
