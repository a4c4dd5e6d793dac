import { Tabs } from "antd";
import { Link, useParams, useSearchParams } from "react-router";
import { ApiError } from "@/api/errors";
import { useCan } from "@/api/session";
import { CustomerAvatar } from "@/components/CustomerAvatar";
import { EmptyState } from "@/components/EmptyState";
import { Figure } from "@/components/Figure";
import { PageHeader } from "@/components/PageHeader";
import { QueryState } from "@/components/QueryState";
import { ServerTable, type TableColumn } from "@/components/ServerTable";
import { useFormat } from "@/format/useFormat";
import { useT } from "@/i18n";
import { groupPath, useGroup, type Group, type GroupMember } from "./api";
import { groupNameOf, groupStatusClass } from "./names";
import "./people.css";

export default function GroupPage() {
  const t = useT();
  const id = Number(useParams().groupId);
  const query = useGroup(id);
  const missing = !(Number.isSafeInteger(id) && id > 0) || (query.error instanceof ApiError && query.error.status === 404);
  if (missing) {
    return (
      <>
        <PageHeader crumbs={[{ label: t("people.menu.groups"), to: "/groups" }]} title={t("people.menu.groups")} />
        <EmptyState title={t("people.group.gone")} action={<Link to="/groups">{t("people.group.toList")}</Link>} />
      </>
    );
  }
  return <QueryState query={query}>{(group) => <GroupView key={group.id} group={group} />}</QueryState>;
}

function GroupView({ group }: { group: Group }) {
  const t = useT();
  const f = useFormat();
  const [params, setParams] = useSearchParams();
  const name = groupNameOf(t, group);
  const where = [group.owner_name && t("people.group.ownedBy", { owner: group.owner_name }), group.store_name, group.created_at && t("people.group.since", { date: f.date(group.created_at) })];
  return (
    <div className="ws-people">
      <PageHeader
        crumbs={[{ label: t("shell.section.customers") }, { label: t("people.menu.groups"), to: "/groups" }]}
        documentTitle={name}
        title={<>{name}<span className={`${groupStatusClass(group.status)} ws-person-badge`}>{t(`people.groups.statuses.${group.status}`)}</span></>}
        lede={where.filter(Boolean).join(" · ")}
      />
      <div className="ws-strip is-compact">
        <Figure size="medium" label={t("people.groups.customers")} value={f.number(group.customer_count)} note={t("people.group.ofMembers", { count: group.member_count })} />
        <Figure size="medium" label={t("people.group.friends")} value={f.number(group.friends)} note={t("people.group.friendsNote")} />
        <Figure size="medium" label={t("people.group.joined")} value={f.number(group.joined_30_days)} note={t("people.group.lately")} />
        <Figure size="medium" label={t("people.group.left")} value={f.number(group.left_30_days)} note={t("people.group.lately")} />
      </div>
      {group.notice && <p className="ws-group-notice"><span className="ws-muted">{t("people.group.notice")}</span> {group.notice}</p>}
      <Tabs
        activeKey={params.get("tab") ?? "in"}
        onChange={(tab) => { setParams(tab === "in" ? {} : { tab }, { replace: true }); }}
        destroyOnHidden
        items={[
          { key: "in", label: t("people.group.tabs.in"), children: <MembersTable group={group} left={false} /> },
          { key: "left", label: t("people.group.tabs.left"), children: <MembersTable group={group} left /> },
        ]}
      />
    </div>
  );
}

/** `left`: those who are gone. */
function MembersTable({ group, left }: { group: Group; left: boolean }) {
  const t = useT();
  const f = useFormat();
  const day = (at: string | null) => at && <span className="ws-nowrap" title={f.exact(at)}>{f.date(at)}</span>;
  const columns: TableColumn<GroupMember>[] = [
    { key: "name", title: t("people.group.who"), card: "title", render: (row) => <MemberCell row={row} /> },
    { key: "kind", title: t("people.group.kind"), card: "extra", render: (row) => <MemberTag row={row} /> },
    { key: "scene", title: t("people.group.scene"), render: (row) => <SceneCell row={row} /> },
    { key: "joined_at", title: t("people.group.joinedAt"), sort: true, align: "right", render: (row) => day(row.joined_at) },
    ...(left ? [{ key: "left_at", title: t("people.group.leftAt"), sort: true, align: "right" as const, render: (row: GroupMember) => day(row.left_at) }] : []),
  ];
  return (
    <ServerTable<GroupMember>
      path={`${groupPath(group.id)}/members`}
      columns={columns}
      rowKey={(row) => row.id}
      searchHint={t("people.group.search")}
      filters={[{ kind: "select", name: "kind", label: t("people.group.kind"), options: (["customer", "staff"] as const).map((value) => ({ value, label: t(`people.group.kinds.${value}`) })) }]}
      fixed={{ left }}
      {...(left && { defaultSort: "-left_at" })}
      empty={{ title: t(left ? "people.group.nobodyLeft" : "people.group.nobody"), hint: t(left ? "people.group.nobodyLeftHint" : "people.group.nobodyHint") }}
    />
  );
}

function MemberCell({ row }: { row: GroupMember }) {
  const t = useT();
  const can = useCan();
  const name = row.name || t("people.group.unnamed");
  const linked = row.customer_id !== null && can("people.customer.read");
  return (
    <span className="ws-who">
      <CustomerAvatar name={name} url={row.avatar_url} kind={row.kind} />
      <span>
        {linked ? <Link className="ws-people-name" to={`/customers/${String(row.customer_id)}`}>{name}</Link> : name}
        {row.group_nickname && row.group_nickname !== row.name && <span className="ws-sub ws-people-cut">{t("people.group.nickname", { name: row.group_nickname })}</span>}
      </span>
    </span>
  );
}

function MemberTag({ row }: { row: GroupMember }) {
  const t = useT();
  if (row.kind === "staff") return <span className="ws-tag is-line">{t("people.group.kinds.staff")}</span>;
  return <span className={row.friend ? "ws-tag is-brand" : "ws-tag is-line"}>{t(row.friend ? "people.group.friend" : "people.group.stranger")}</span>;
}

function SceneCell({ row }: { row: GroupMember }) {
  const t = useT();
  const by = row.invitor_name && t("people.group.invitedBy", { who: row.invitor_name });
  // WeCom calls the owner invited too, by nobody.
  if (!by && (row.kind === "staff" || row.join_scene === "unknown")) return null;
  const scene = t(`people.groups.scenes.${row.join_scene}`);
  const [first, ...rest] = (row.join_scene === "invited" || row.join_scene === "unknown" ? [by || scene, row.state] : [scene, by, row.state]).filter(Boolean);
  return <span>{first}{rest.length > 0 && <span className="ws-sub">{rest.join(" · ")}</span>}</span>;
}
