import { Button } from "antd";
import { Link, useRouteError } from "react-router";
import { PageHeader } from "@/components/PageHeader";
import { useT } from "@/i18n";

export function NotFoundPage() {
  const t = useT();
  return (
    <div className="ws-notice">
      <h1>{t("shell.notFound.title")}</h1>
      <p>{t("shell.notFound.hint")}</p>
      <Link to="/"><Button>{t("shell.notFound.back")}</Button></Link>
    </div>
  );
}

export function ForbiddenPage({ permission }: { permission: string }) {
  const t = useT();
  return (
    <>
      <PageHeader title={t("shell.forbidden.title")} lede={t("shell.forbidden.hint", { permission })} />
      <code className="ws-code">{permission}</code>
    </>
  );
}

/** A page that threw while it was drawn: the rest of the console stays. */
export function CrashedPage() {
  const t = useT();
  const failure = useRouteError();
  return (
    <div className="ws-notice">
      <h1>{t("shell.crashed.title")}</h1>
      <p>{t("shell.crashed.hint")}</p>
      <p><code className="ws-code">{failure instanceof Error ? `${failure.name}: ${failure.message}` : String(failure)}</code></p>
      <Button onClick={() => { window.location.reload(); }}>{t("shell.crashed.reload")}</Button>
    </div>
  );
}
