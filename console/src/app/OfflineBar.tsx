import { useQueryClient } from "@tanstack/react-query";
import { useEffect, useSyncExternalStore } from "react";
import { isReachable, onReachable, reportReachable } from "@/api/connection";
import { useT } from "@/i18n";

const againMs = 3000;

/** While the API does not answer: says so and asks again; when it is back, everything on the page is read anew. */
export function OfflineBar() {
  const t = useT();
  const client = useQueryClient();
  const reachable = useSyncExternalStore(onReachable, isReachable);
  useEffect(() => {
    if (reachable) return;
    const timer = setInterval(() => {
      fetch("/api/v1/setup", { cache: "no-store" })
        .then((response) => {
          if (!response.ok) return;
          reportReachable();
          void client.invalidateQueries();
        })
        .catch(() => undefined);
    }, againMs);
    return () => { clearInterval(timer); };
  }, [reachable, client]);
  return reachable ? null : <div className="ws-offline" role="status">{t("shell.offline")}</div>;
}
