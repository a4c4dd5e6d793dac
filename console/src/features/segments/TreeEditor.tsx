import { CloseOutlined, EllipsisOutlined } from "@ant-design/icons";
import { Button, Dropdown, InputNumber, Select, type MenuProps } from "antd";
import { useEffect, useRef, useState } from "react";
import { useFormat } from "@/format/useFormat";
import { useT } from "@/i18n";
import { AddCondition } from "./AddCondition";
import { LeafFields } from "./LeafFields";
import type { Names } from "./leaves/shared";
import * as trees from "./tree";
import { groupKinds, isGroup, isLeaf, type GroupKind, type GroupNode, type TreeNode } from "./tree";

export interface TreeEditorProps {
  root: GroupNode;
  onChange: (root: GroupNode) => void;
  names: Names;
  /** How many people each condition holds for by itself, by path; undefined while unknown. */
  counts: Readonly<Record<string, number>> | undefined;
  /** What is wrong, by path of the field. */
  problems: Readonly<Record<string, string>>;
  limits: { leaves: number; depth: number };
}

/** Nested groups, drawn with brackets; every change by button, select or key: nothing needs dragging. */
export function TreeEditor(props: TreeEditorProps) {
  const [added, setAdded] = useState<number>();
  return <Group {...props} added={added} onAdd={setAdded} node={props.root} path="root" level={1} />;
}

interface EditorProps extends TreeEditorProps {
  /** The condition that was added last: the keyboard goes on in it. */
  added: number | undefined;
  onAdd: (uid: number) => void;
}

interface NodeProps<N extends TreeNode> extends EditorProps {
  node: N;
  path: string;
  level: number;
}

function Group({ node, path, level, ...editor }: NodeProps<GroupNode>) {
  const t = useT();
  const { root, onChange, problems } = editor;
  const own = problems[path] ?? problems[`${path}.children`] ?? problems[`${path}.n`];
  return (
    <div className={level > 1 ? "ws-group is-inner" : "ws-group"} role="group" aria-label={t(`segments.builder.group.${node.kind}`)}>
      <div className="ws-group-gutter">
        <Select<GroupKind>
          className={`ws-group-kind is-${node.kind}`}
          size="small"
          variant="filled"
          value={node.kind}
          aria-label={t("segments.builder.groupLabel")}
          popupMatchSelectWidth={false}
          options={groupKinds.map((kind) => ({ value: kind, label: t(`segments.builder.group.${kind}`) }))}
          onChange={(kind) => { onChange(trees.setKind(root, node.uid, kind)); }}
        />
        {node.kind === "at_least" && (
          <span className="ws-group-least">
            <InputNumber<number>
              size="small"
              aria-label={t("segments.builder.least")}
              min={1}
              max={Math.max(node.children.length, node.n ?? 1)}
              precision={0}
              value={node.n}
              onChange={(n) => { onChange(trees.setLeast(root, node.uid, n)); }}
              style={{ width: 52 }}
              {...(problems[`${path}.n`] && { status: "error" })}
            />
            <span className="ws-small ws-muted">{t("segments.builder.leastOf", { count: node.children.length })}</span>
          </span>
        )}
      </div>
      <div className="ws-group-children">
        {node.children.map((child, index) => {
          const shared = { ...editor, path: `${path}.children.${String(index)}` };
          return isGroup(child) ? <Group key={child.uid} {...shared} node={child} level={level + 1} /> : <Row key={child.uid} {...shared} node={child} level={level} />;
        })}
        {own && <p className="ws-leaf-problem" role="alert">{own}</p>}
        <GroupVerbs node={node} level={level} {...editor} />
      </div>
    </div>
  );
}

function GroupVerbs({ node, level, root, onChange, onAdd, limits }: Omit<NodeProps<GroupNode>, "path">) {
  const t = useT();
  const full = trees.countLeaves(root) >= limits.leaves;
  const deep = level >= limits.depth;
  const add = (made: TreeNode, focus: number) => { onChange(trees.addTo(root, node.uid, made)); onAdd(focus); };
  const addGroup = () => {
    const leaf = trees.leafNode("orders");
    add(trees.groupNode(node.kind === "any" ? "all" : "any", [leaf]), leaf.uid);
  };
  return (
    <div className="ws-group-verbs">
      <AddCondition disabled={full} onAdd={(kind) => { const leaf = trees.leafNode(kind); add(leaf, leaf.uid); }} />
      <Button type="link" size="small" disabled={full || deep} onClick={addGroup}>{t("segments.builder.addGroup")}</Button>
      {level > 1 && <NodeMenu uid={node.uid} group root={root} onChange={onChange} canWrap={false} />}
      {level === 1 && (
        <span className="ws-small ws-muted ws-group-size">
          {full || trees.depthOf(root) > limits.depth
            ? t("segments.builder.limit", limits)
            : t("segments.builder.size", { leaves: trees.countLeaves(root), depth: trees.depthOf(root) })}
        </span>
      )}
    </div>
  );
}

function Row({ node, path, level, ...editor }: NodeProps<Exclude<TreeNode, GroupNode>>) {
  const t = useT();
  const f = useFormat();
  const { root, onChange, names, counts, problems, limits, added } = editor;
  const line = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // After the menu that added it has closed and given the focus back.
    if (node.uid !== added) return;
    const timer = window.setTimeout(() => { line.current?.querySelector<HTMLElement>("input, .ws-link")?.focus(); }, 60);
    return () => { window.clearTimeout(timer); };
  }, [node.uid, added]);
  const mine = Object.entries(problems).filter(([field]) => field === path || field.startsWith(`${path}.`));
  const wrong = (field: string) => mine.some(([at]) => at === (field ? `${path}.${field}` : path) || (field !== "" && at.startsWith(`${path}.${field}.`)));
  const count = counts?.[path];
  return (
    <div className="ws-leaf">
      <div className="ws-leaf-line" ref={line} role="group" aria-label={isLeaf(node) ? t(`segments.leaf.${node.leaf.kind}`) : t("segments.builder.unknown")}>
        <span className="ws-leaf-kind">{isLeaf(node) ? t(`segments.leaf.${node.leaf.kind}`) : t("segments.builder.unknown")}</span>
        {isLeaf(node) ? (
          <LeafFields leaf={node.leaf} names={names} wrong={wrong} onChange={(leaf) => { onChange(trees.setLeaf(root, node.uid, leaf)); }} />
        ) : (
          <code className="ws-code">{String(node.other.kind)}</code>
        )}
        <span className="ws-leaf-end">
          <span className="ws-leaf-count">{count === undefined || mine.length > 0 ? "–" : t("segments.builder.people", { count: f.number(count) })}</span>
          <NodeMenu uid={node.uid} root={root} onChange={onChange} canWrap={level < limits.depth} />
        </span>
      </div>
      {mine.map(([field, text]) => <p key={field} className="ws-leaf-problem" role="alert">{text}</p>)}
    </div>
  );
}

interface NodeMenuProps {
  uid: number;
  group?: boolean;
  root: GroupNode;
  onChange: (root: GroupNode) => void;
  canWrap: boolean;
}

/** Moving, wrapping and removing a condition or a group. */
function NodeMenu({ uid, group = false, root, onChange, canWrap }: NodeMenuProps) {
  const t = useT();
  const items = [
    { key: "up", label: t("segments.builder.up") },
    { key: "down", label: t("segments.builder.down") },
    ...(group ? [] : [{ key: "wrap", label: t("segments.builder.wrap"), disabled: !canWrap }]),
  ];
  const onClick: MenuProps["onClick"] = ({ key }) => {
    if (key === "up") onChange(trees.moveNode(root, uid, -1));
    else if (key === "down") onChange(trees.moveNode(root, uid, 1));
    else onChange(trees.wrapNode(root, uid, "any"));
  };
  return (
    <span className="ws-node-menu">
      <Dropdown menu={{ items, onClick }} trigger={["click"]} autoFocus>
        <Button type="text" size="small" icon={<EllipsisOutlined />} aria-label={t("segments.builder.more")} />
      </Dropdown>
      <Button
        type="text"
        size="small"
        icon={<CloseOutlined />}
        aria-label={t(group ? "segments.builder.removeGroup" : "segments.builder.remove")}
        onClick={(event) => {
          // The button goes with its row: the keyboard goes on at the verbs of the group.
          event.currentTarget.closest(".ws-group-children")?.querySelector<HTMLElement>(":scope > .ws-group-verbs button")?.focus();
          onChange(trees.removeNode(root, uid));
        }}
      />
    </span>
  );
}
