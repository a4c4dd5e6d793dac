import { Alert, Button } from "antd";
import { useEffect, useState } from "react";
import { Navigate, useNavigate } from "react-router";
import { useSetupQuery } from "@/api/session";
import { useT } from "@/i18n";
import { Door } from "./Door";

/** Shown while there is no account: the first administrator is made where the server is, not over the net. */
export function FirstRunPage() {
  const t = useT();
  const navigate = useNavigate();
  const setup = useSetupQuery();
  const [asked, setAsked] = useState(false);
  useEffect(() => {
    document.title = `${t("shell.setup.title")} · ${t("shell.brand")}`;
  }, [t]);
  if (setup.data && !setup.data.needs_admin) return <Navigate to="/sign-in" replace />;
  const go = async () => {
    const answer = await setup.refetch();
    setAsked(true);
    if (answer.data && !answer.data.needs_admin) await navigate("/sign-in", { replace: true });
  };
  return (
    <Door wide>
      <h1>{t("shell.setup.title")}</h1>
      <p className="ws-door-lede" style={{ marginBottom: 0 }}>{t("shell.setup.lede")}</p>
      <pre>wellspring init</pre>
      <p className="ws-ink2" style={{ marginBottom: 16 }}>{t("shell.setup.then")}</p>
      {asked && setup.data?.needs_admin && !setup.isFetching && <Alert type="warning" title={t("shell.setup.still")} style={{ marginBottom: 14 }} />}
      <Button type="primary" loading={setup.isFetching} onClick={() => void go()}>{t("shell.setup.go")}</Button>
    </Door>
  );
}
