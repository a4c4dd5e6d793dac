import { useEffect, type ReactNode } from "react";
import { Navigate, useLocation, useNavigate } from "react-router";
import { ApiError } from "@/api/errors";
import { onSignedOut, queryClient } from "@/api/queryClient";
import { useCan, useMeQuery, useSetupQuery } from "@/api/session";
import { ErrorState } from "@/components/EmptyState";
import { CompanyFormatContext } from "@/format/useFormat";
import { ForbiddenPage } from "./Notices";

const signInPath = (here: string, expired: boolean) => {
  const params = new URLSearchParams({ ...(expired && { expired: "1" }), ...(here !== "/" && { next: here }) });
  return params.size > 0 ? `/sign-in?${params.toString()}` : "/sign-in";
};

/** Inside: somebody is signed in, and figures are written in their company's currency and time zone. */
export function SignedIn({ children }: { children: ReactNode }) {
  const setup = useSetupQuery();
  // Nobody asks who they are before it is known that they are somebody: a refusal is red in the browser's console.
  const me = useMeQuery(setup.isError || setup.data?.signed_in === true);
  const location = useLocation();
  const navigate = useNavigate();
  const here = location.pathname + location.search;
  useEffect(() => {
    onSignedOut(() => {
      // Whoever was never in only followed a link: nothing of theirs has expired.
      const was = queryClient.getQueryData(["me"]) !== undefined;
      queryClient.removeQueries({ queryKey: ["me"] });
      void navigate(signInPath(here, was), { replace: true });
    });
  }, [navigate, here]);
  if (setup.data?.needs_admin) return <Navigate to="/first-run" replace />;
  if (me.data) {
    const { currency, time_zone } = me.data.company;
    return <CompanyFormatContext value={{ currency, timeZone: time_zone }}>{children}</CompanyFormatContext>;
  }
  if ((me.error instanceof ApiError && me.error.status === 401) || (setup.data?.signed_in === false && !setup.isFetching)) {
    return <Navigate to={signInPath(here, false)} replace />;
  }
  return me.isError ? <ErrorState error={me.error} onRetry={() => void me.refetch()} /> : null;
}

export function Allowed({ permission, children }: { permission: string | undefined; children: ReactNode }) {
  const can = useCan();
  if (permission !== undefined && !can(permission)) return <ForbiddenPage permission={permission} />;
  return <>{children}</>;
}
