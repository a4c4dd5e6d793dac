import { useQueryClient } from "@tanstack/react-query";
import { Alert, Input } from "antd";
import { useCallback, useMemo, useState } from "react";
import { useNavigate } from "react-router";
import { api } from "@/api/client";
import { ApiError } from "@/api/errors";
import { useCan } from "@/api/session";
import { PageHeader } from "@/components/PageHeader";
import { Panel } from "@/components/Panel";
import { useRefreshList } from "@/components/ServerTable";
import { useDebounced } from "@/components/useDebounced";
import { useNotify } from "@/components/useNotify";
import { useT } from "@/i18n";
import { onePath, path, segmentKey, useCatalogue, usePreview, type SegmentDetail, type Version } from "./api";
import { BuilderVerbs, type Save } from "./BuilderVerbs";
import { HistoryDrawer } from "./HistoryDrawer";
import { SegmentInHand } from "./inHand";
import { missingIn } from "./missing";
import { SamplePanel, TotalPanel } from "./PreviewPanels";
import { newTree, readDefinition, writeDefinition, type GroupNode } from "./tree";
import { TreeEditor } from "./TreeEditor";
import { useLeaveGuard } from "./useLeaveGuard";
import { WhyPanel } from "./WhyPanel";
import "./segments.css";

/** Half a moment after the last change the figures are asked for; what is still under way is cancelled. */
const settleMs = 350;

export function Builder({ segment }: { segment?: SegmentDetail }) {
  const t = useT();
  const can = useCan();
  const [name, setName] = useState(segment?.name ?? "");
  const [note, setNote] = useState(segment?.description ?? "");
  const [root, setRoot] = useState<GroupNode>(() => (segment ? readDefinition(segment.definition) : newTree()));
  const [seed, setSeed] = useState(0);
  const [asked, setAsked] = useState<number>();
  const [history, setHistory] = useState(false);
  const [refused, setRefused] = useState<Readonly<Record<string, string>>>({});
  const catalogue = useCatalogue();
  const limits = { leaves: catalogue.data?.max_leaves ?? 60, depth: catalogue.data?.max_depth ?? 5 };

  const definition = useMemo(() => JSON.stringify(writeDefinition(root)), [root]);
  const settled = useDebounced(definition, settleMs);
  const missing = useMemo(() => missingIn(root), [root]);
  const complete = Object.keys(missing).length === 0;
  const current = complete && settled === definition;
  const preview = usePreview(settled, seed, current);
  const waiting = settled !== definition || preview.isPlaceholderData;

  const saved = useMemo(() => (segment ? JSON.stringify(writeDefinition(readDefinition(segment.definition))) : undefined), [segment]);
  const dirty = name !== (segment?.name ?? "") || note !== (segment?.description ?? "") || definition !== (saved ?? JSON.stringify(writeDefinition(newTree())));
  const leaveFreely = useLeaveGuard(dirty);

  const problems = useMemo(() => {
    const told = Object.entries(missing).map(([field, what]) => [field, t(`segments.missing.${what}`)] as const);
    if (told.length > 0) return Object.fromEntries(told);
    const error = settled === definition ? preview.error : null;
    return error instanceof ApiError ? error.fields : {};
  }, [missing, t, preview.error, settled, definition]);
  const edit = useCallback((next: GroupNode) => { setRoot(next); setRefused({}); }, []);
  const load = (version: Version) => {
    setName(version.name);
    setNote(version.description);
    setRoot(readDefinition(version.definition));
    setHistory(false);
  };
  const shown = asked ?? preview.data?.sample[0]?.id;
  const save = useSave({ segment, name, note, definition, onRefused: setRefused, leaveFreely });

  return (
    <>
      <PageHeader
        crumbs={[{ label: t("shell.section.insight") }, { label: t("segments.builder.crumb"), to: "/segments" }, ...(segment ? [{ label: t("segments.builder.edit") }] : [])]}
        title={segment ? segment.name : t("segments.builder.newTitle")}
        actions={<BuilderVerbs segment={segment} dirty={dirty} complete={complete} onHistory={() => { setHistory(true); }} save={save} />}
      />
      {segment?.archived_at && <Alert type="warning" showIcon={false} title={t("segments.builder.archivedNote")} style={{ marginBottom: 12 }} />}
      <div className="ws-grid ws-builder-grid">
        <div className="ws-stack">
          <Panel title={t("segments.builder.conditions")} extra={<span className="ws-panel-sub">{t("segments.builder.conditionsSub")}</span>}>
            {can("segments.segment.write") && (
              <div className="ws-builder-name">
                <label>
                  {t("segments.builder.name")}
                  <Input value={name} maxLength={60} placeholder={t("segments.builder.namePlaceholder")} onChange={(event) => { setName(event.target.value); setRefused({}); }} {...(refused.name && { status: "error" })} />
                  {refused.name && <p className="ws-leaf-problem" role="alert">{refused.name}</p>}
                </label>
                <label>
                  {t("segments.builder.note")}
                  <Input value={note} maxLength={500} placeholder={t("segments.builder.notePlaceholder")} onChange={(event) => { setNote(event.target.value); }} />
                </label>
              </div>
            )}
            {preview.data && complete && !preview.isError && (
              <p className={waiting ? "ws-say is-old" : "ws-say"}>
                {preview.data.sentence.map((piece, index) => (piece.path ? <u key={piece.path}>{piece.text}</u> : <span key={`word-${String(index)}`}>{piece.text}</span>))}
              </p>
            )}
            <SegmentInHand value={segment?.id}>
              <TreeEditor root={root} onChange={edit} names={segment?.names ?? {}} counts={preview.isError || preview.isPlaceholderData || !current ? undefined : preview.data?.by_leaf} problems={{ ...problems, ...refused }} limits={limits} />
            </SegmentInHand>
          </Panel>
          {complete && <SamplePanel query={preview} shown={shown} onWhy={setAsked} onAgain={() => { setSeed(seed + 1); setAsked(undefined); }} />}
        </div>
        <div className="ws-stack">
          <TotalPanel query={preview} waiting={waiting} complete={complete} />
          {complete && !preview.isError && <WhyPanel definition={settled} current={current} customer={shown} onAsk={setAsked} />}
        </div>
      </div>
      {segment && <HistoryDrawer segment={segment.id} current={segment.version} open={history} onClose={() => { setHistory(false); }} onLoad={load} />}
    </>
  );
}

interface SaveOptions {
  segment: SegmentDetail | undefined;
  name: string;
  note: string;
  definition: string;
  onRefused: (fields: Readonly<Record<string, string>>) => void;
  leaveFreely: () => void;
}

function useSave({ segment, name, note, definition, onRefused, leaveFreely }: SaveOptions): Save {
  const t = useT();
  const notify = useNotify();
  const client = useQueryClient();
  const refresh = useRefreshList();
  const navigate = useNavigate();
  const [busy, setBusy] = useState(false);
  const run = async () => {
    if (name.trim() === "") {
      onRefused({ name: t("segments.missing.name") });
      return;
    }
    setBusy(true);
    const body = { name, description: note, definition: JSON.parse(definition) as Record<string, unknown> };
    try {
      const saved = segment
        ? await api.put<SegmentDetail>(onePath(segment.id), { ...body, version: segment.version })
        : await api.post<SegmentDetail>(path, body);
      notify.done(t("segments.builder.saved", { version: saved.version }));
      leaveFreely();
      client.setQueryData(segmentKey(saved.id), saved);
      await refresh(path);
      if (!segment) await navigate(`/segments/${String(saved.id)}`, { replace: true });
    } catch (failure) {
      if (failure instanceof ApiError && Object.keys(failure.fields).length > 0) onRefused(failure.fields);
      else notify.failed(failure);
    } finally {
      setBusy(false);
    }
  };
  return { busy, run };
}
