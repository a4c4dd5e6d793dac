import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Alert, Button } from "antd";
import { useEffect, useState } from "react";
import { Link } from "react-router";
import { api } from "@/api/client";
import { ApiError } from "@/api/errors";
import { EmptyState } from "@/components/EmptyState";
import { PageHeader } from "@/components/PageHeader";
import { Panel } from "@/components/Panel";
import { QueryState } from "@/components/QueryState";
import { useDebounced } from "@/components/useDebounced";
import { useNotify } from "@/components/useNotify";
import { useT } from "@/i18n";
import { paths, type RuleWish, type SignInRules } from "./api";
import { RuleRow, type DraftRule } from "./RuleRow";
import "./settings.css";

const rulesKey = ["sign-in-rules"] as const;

/** Which members may sign in by WeCom, as what, and with whose customers in sight. */
export default function SignInRulesPage() {
  const t = useT();
  const rules = useQuery({ queryKey: rulesKey, queryFn: ({ signal }) => api.get<SignInRules>(paths.signInRules, undefined, signal) });
  return (
    <>
      <PageHeader crumbs={[{ label: t("shell.section.settings") }, { label: t("settings.menu.signIn") }]} title={t("settings.signIn.title")} lede={t("settings.signIn.lede")} />
      <QueryState query={rules}>{(known) => <RulesForm known={known} />}</QueryState>
    </>
  );
}

let serial = 0;
const draft = (rule: Partial<RuleWish>): DraftRule => ({ key: ++serial, department_id: rule.department_id, position: rule.position ?? "", role: rule.role ?? "staff", scope: rule.scope ?? "own" });
const complete = (rules: readonly DraftRule[]): RuleWish[] =>
  rules.flatMap(({ department_id, position, role, scope }) => (department_id === undefined ? [] : [{ department_id, position, role, scope }]));

function RulesForm({ known }: { known: SignInRules }) {
  const t = useT();
  const notify = useNotify();
  const client = useQueryClient();
  const [rules, setRules] = useState<DraftRule[]>(() => known.rules.map(draft));
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState<Record<number, string>>({});
  const wishes = complete(rules);
  const changed = JSON.stringify(wishes) !== JSON.stringify(complete(known.rules.map(draft))) || wishes.length !== rules.length;
  // Whom the rules as they stand in the form would decide for: asked for while one edits.
  const asked = useDebounced(JSON.stringify(wishes), 300);
  const preview = useQuery({
    queryKey: [...rulesKey, "preview", asked],
    queryFn: () => api.post<SignInRules>(`${paths.signInRules}/preview`, { rules: JSON.parse(asked) as RuleWish[] }),
    placeholderData: (before) => before,
    retry: false,
  });
  useEffect(() => {
    if (!changed) return undefined;
    const warn = (event: BeforeUnloadEvent) => { event.preventDefault(); };
    window.addEventListener("beforeunload", warn);
    return () => { window.removeEventListener("beforeunload", warn); };
  }, [changed]);

  const change = (index: number, next: Partial<DraftRule>) => {
    setRules(rules.map((rule, at) => (at === index ? { ...rule, ...next } : rule)));
    setWrong({});
  };
  const move = (index: number, by: number) => {
    const next = [...rules];
    const [rule] = next.splice(index, 1);
    if (rule) next.splice(index + by, 0, rule);
    setRules(next);
    setWrong({});
  };
  const save = async () => {
    const missing = rules.flatMap((rule, index) => (rule.department_id === undefined ? [[index, t("settings.signIn.needDepartment")] as const] : []));
    setWrong(Object.fromEntries(missing));
    if (missing.length > 0) return;
    setBusy(true);
    try {
      const saved = await api.put<SignInRules>(paths.signInRules, { rules: wishes });
      client.setQueryData(rulesKey, saved);
      setRules(saved.rules.map(draft));
      await client.invalidateQueries({ queryKey: ["offers"] });
      notify.done(t("settings.signIn.saved"));
    } catch (failure) {
      if (failure instanceof ApiError) setWrong(Object.fromEntries(Object.entries(failure.fields).map(([name, error]) => [Number(name.split(".")[1]), error])));
      notify.failed(failure);
    } finally {
      setBusy(false);
    }
  };
  const shown = preview.data ?? known;
  // The preview leaves out rules without a department, so that its rows have to be counted over.
  let counted = 0;
  return (
    <>
      {!known.possible && <Alert type="warning" title={t("settings.signIn.off")} action={<Link to="/settings/wecom">{t("settings.signIn.toWecom")}</Link>} style={{ marginBottom: 16 }} />}
      <Panel
        title={t("settings.signIn.rules")}
        sub={t("settings.signIn.rulesSub")}
        extra={known.possible && <span className={known.offered ? "ws-small ws-brand" : "ws-small ws-muted"}>{t(known.offered ? "settings.signIn.offered" : "settings.signIn.notOffered")}</span>}
      >
        {rules.length === 0 && <EmptyState title={t("settings.signIn.empty")} hint={t("settings.signIn.emptyHint")} />}
        <ol className="ws-rules">
          {rules.map((rule, index) => {
            const view = rule.department_id === undefined ? undefined : shown.rules[counted++];
            return (
              <RuleRow
                key={rule.key} rule={rule} first={index === 0} last={index === rules.length - 1}
                members={view?.members} wrong={wrong[index]}
                onChange={(next) => { change(index, next); }}
                onMove={(by) => { move(index, by); }}
                onRemove={() => { setRules(rules.filter((_, at) => at !== index)); setWrong({}); }}
              />
            );
          })}
        </ol>
        <div className="ws-rules-foot">
          <Button onClick={() => { setRules([...rules, draft({})]); }}>{t("settings.signIn.add")}</Button>
          <span className={shown.without_rule > 0 ? "ws-small ws-needs" : "ws-small ws-muted"}>
            {shown.without_rule > 0 ? t("settings.signIn.withoutRule", { count: shown.without_rule }) : t("settings.signIn.everybody")}
          </span>
          <span style={{ marginLeft: "auto", display: "inline-flex", gap: 12, alignItems: "center" }}>
            {changed && <span className="ws-small ws-needs">{t("settings.signIn.unsaved")}</span>}
            <Button type="primary" loading={busy} disabled={!changed} onClick={() => void save()}>{t("settings.signIn.save")}</Button>
          </span>
        </div>
      </Panel>
    </>
  );
}
