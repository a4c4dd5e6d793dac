import { useParams } from "react-router";
import { QueryState } from "@/components/QueryState";
import { useSegment } from "./api";
import { Builder } from "./Builder";

/** /segments/new and /segments/:segmentId */
export default function BuilderPage() {
  const { segmentId } = useParams();
  const query = useSegment(segmentId);
  if (segmentId === undefined) return <Builder key="new" />;
  return <QueryState query={query}>{(segment) => <Builder key={`${String(segment.id)}-${String(segment.version)}`} segment={segment} />}</QueryState>;
}
