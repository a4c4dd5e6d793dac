import { Alert, Button, Form, Input } from "antd";
import { useEffect, useState } from "react";
import { Navigate, useNavigate, useSearchParams } from "react-router";
import { ApiError } from "@/api/errors";
import { useOffersQuery, useSetupQuery, useSignIn } from "@/api/session";
import { useT } from "@/i18n";
import { Door } from "./Door";
import { returnPath } from "./returnPath";

/** WeCom's own browser knows who its user is; elsewhere a QR code is scanned. The server decides by the same mark. */
const insideWecom = /wxwork/i.test(navigator.userAgent);

interface Credentials {
  login: string;
  password: string;
}

export function SignInPage() {
  const t = useT();
  const [params] = useSearchParams();
  const navigate = useNavigate();
  const signIn = useSignIn();
  const setup = useSetupQuery();
  const offers = useOffersQuery();
  const [busy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<string>();
  const next = returnPath(params.get("next"));
  const refused = params.get("refused");
  useEffect(() => {
    document.title = `${t("shell.signIn.title")} · ${t("shell.brand")}`;
  }, [t]);
  if (setup.data?.needs_admin) return <Navigate to="/first-run" replace />;

  const submit = async ({ login, password }: Credentials) => {
    setBusy(true);
    setRefusal(undefined);
    try {
      await signIn(login.trim(), password);
      await navigate(next, { replace: true });
    } catch (failure) {
      setRefusal(failure instanceof ApiError ? failure.message : t("common.error.unreachable"));
    } finally {
      setBusy(false);
    }
  };
  return (
    <Door>
      <h1>{t("shell.signIn.title")}</h1>
      <p className="ws-door-lede">{t("shell.signIn.lede")}</p>
      {refusal && <Alert type="error" title={refusal} style={{ marginBottom: 14 }} />}
      {!refusal && refused !== null && <Alert type="error" title={t.lookup(`shell.signIn.refused.${refused}`) ?? t("shell.signIn.refusedOther", { reason: refused })} style={{ marginBottom: 14 }} />}
      {!refusal && refused === null && params.has("expired") && <Alert type="warning" title={t("shell.signIn.expired")} style={{ marginBottom: 14 }} />}
      {offers.data?.wecom && (
        <>
          {/* A plain link: the browser itself goes to WeCom and comes back. */}
          <Button type={insideWecom ? "primary" : "default"} size="large" block href={`/api/v1/session/wecom?${new URLSearchParams({ next }).toString()}`}>
            {t(insideWecom ? "shell.signIn.wecom.inside" : "shell.signIn.wecom.scan")}
          </Button>
          <p className="ws-door-or">{t("shell.signIn.wecom.or")}</p>
        </>
      )}
      <Form<Credentials> layout="vertical" requiredMark={false} onFinish={(values) => void submit(values)}>
        <Form.Item name="login" label={t("shell.signIn.login")} rules={[{ required: true, message: t("shell.signIn.needLogin") }]}>
          <Input size="large" autoComplete="username" autoFocus />
        </Form.Item>
        <Form.Item name="password" label={t("shell.signIn.password")} rules={[{ required: true, message: t("shell.signIn.needPassword") }]}>
          <Input.Password size="large" autoComplete="current-password" />
        </Form.Item>
        <Button type="primary" htmlType="submit" size="large" block loading={busy} style={{ marginTop: 8 }}>
          {t("shell.signIn.submit")}
        </Button>
      </Form>
    </Door>
  );
}
