import { Alert, Button, Modal, Typography } from "antd";
import { useState } from "react";
import { api } from "@/api/client";
import { ConfirmButton } from "@/components/ConfirmButton";
import { PageHeader } from "@/components/PageHeader";
import { ServerTable, useRefreshList, type TableColumn } from "@/components/ServerTable";
import { useNotify } from "@/components/useNotify";
import { useFormat } from "@/format/useFormat";
import { useT } from "@/i18n";
import { paths, type Token } from "./api";
import { ScopeText } from "./ScopeFields";
import { TokenDrawer } from "./TokenDrawer";
import "./settings.css";

const states = ["active", "expired", "revoked"] as const;

export default function TokensPage() {
  const t = useT();
  const f = useFormat();
  const notify = useNotify();
  const refresh = useRefreshList();
  const [open, setOpen] = useState(false);
  const [secret, setSecret] = useState<string>();

  const revoke = async (token: Token) => {
    await api.delete(`${paths.tokens}/${String(token.id)}`);
    await refresh(paths.tokens);
    notify.done(t("settings.tokens.revokedDone", { name: token.name }));
  };
  const columns: TableColumn<Token>[] = [
    { key: "name", title: t("settings.tokens.name"), sort: true, card: "title", render: (token) => <>{token.name}<code className="ws-code ws-sub">wst_…{token.hint}</code></> },
    { key: "role", title: t("settings.tokens.role"), render: (token) => t.lookup(`settings.role.${token.role}`) ?? token.role },
    { key: "scope", title: t("settings.tokens.scope"), render: (token) => <ScopeText scope={token.scope} /> },
    { key: "state", title: t("settings.tokens.state"), card: "extra", render: (token) => <span className={token.state === "active" ? "ws-tag is-brand" : "ws-tag"}>{t(`settings.tokens.${token.state}`)}</span> },
    { key: "last_used_at", title: t("settings.tokens.lastUsed"), sort: true, render: (token) => token.last_used_at ? f.relative(token.last_used_at) : <span className="ws-muted">{t("settings.tokens.never")}</span> },
    { key: "expires_at", title: t("settings.tokens.expires"), render: (token) => token.expires_at ? f.date(token.expires_at) : <span className="ws-muted">{t("settings.tokens.noExpiry")}</span> },
    { key: "created_at", title: t("settings.tokens.created"), sort: true, render: (token) => <>{f.date(token.created_at)}<span className="ws-sub">{token.created_by}</span></> },
    {
      key: "verbs", title: "", align: "right",
      render: (token) => token.state !== "revoked" && (
        <ConfirmButton
          type="link" size="small" style={{ padding: 0, height: "auto" }} danger
          verb={t("settings.tokens.revoke")}
          question={t("settings.tokens.revokeQuestion", { name: token.name })}
          consequence={t("settings.tokens.revokeConsequence")}
          onConfirm={() => revoke(token)}
        />
      ),
    },
  ];
  return (
    <>
      <PageHeader
        crumbs={[{ label: t("shell.section.settings") }, { label: t("settings.menu.tokens") }]}
        title={t("settings.tokens.titleOne")}
        lede={t("settings.tokens.lede")}
        actions={<Button type="primary" onClick={() => { setOpen(true); }}>{t("settings.tokens.add")}</Button>}
      />
      <ServerTable<Token>
        path={paths.tokens}
        columns={columns}
        rowKey={(token) => token.id}
        searchHint={t("settings.tokens.search")}
        filters={[{ kind: "select", name: "state", label: t("settings.tokens.state"), options: states.map((value) => ({ value, label: t(`settings.tokens.${value}`) })) }]}
        empty={{ title: t("settings.tokens.empty"), hint: t("settings.tokens.emptyHint") }}
      />
      <TokenDrawer open={open} onClose={() => { setOpen(false); }} onMade={setSecret} />
      <Modal
        open={secret !== undefined}
        title={t("settings.tokens.secretTitle")}
        closable={false}
        keyboard={false}
        mask={{ closable: false }}
        footer={<Button type="primary" onClick={() => { setSecret(undefined); }}>{t("settings.tokens.secretDone")}</Button>}
      >
        <Typography.Paragraph copyable={{ tooltips: [t("common.action.copy"), t("common.action.copied")] }} className="ws-secret">{secret}</Typography.Paragraph>
        <Alert type="warning" title={t("settings.tokens.secretNote")} />
      </Modal>
    </>
  );
}
