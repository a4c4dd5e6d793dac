import { Spin } from "antd";
import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { ErrorState } from "./EmptyState";

/** Loading, refused or here: `<QueryState query={q}>{(data) => ...}</QueryState>` */
export function QueryState<T>({ query, children }: { query: UseQueryResult<T>; children: (data: T) => ReactNode }) {
  if (query.data !== undefined) return <>{children(query.data)}</>;
  if (query.isError) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  return (
    <div className="ws-loading">
      <Spin delay={200} />
    </div>
  );
}
