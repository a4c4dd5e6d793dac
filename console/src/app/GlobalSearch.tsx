import { SearchOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { AutoComplete, Input, type InputRef } from "antd";
import { useEffect, useRef, useState } from "react";
import { useNavigate } from "react-router";
import { api } from "@/api/client";
import { useCan } from "@/api/session";
import type { Page } from "@/api/types";
import { CustomerAvatar } from "@/components/CustomerAvatar";
import { useDebounced } from "@/components/useDebounced";
import { useIsPhone } from "@/components/useMedia";
import { useT } from "@/i18n";

interface Hit {
  id: number;
  name: string;
  avatar_url?: string | null;
  mobile_masked?: string | null;
}

const path = "/api/v1/customers";

/** Finds customers from everywhere; "/" puts the cursor here, Enter shows all that were found. */
export function GlobalSearch() {
  const t = useT();
  const can = useCan();
  const phone = useIsPhone();
  const navigate = useNavigate();
  const input = useRef<InputRef>(null);
  const [text, setText] = useState("");
  const [focused, setFocused] = useState(false);
  const q = useDebounced(text.trim(), 250);
  const { data } = useQuery({
    queryKey: ["search", q],
    queryFn: ({ signal }) => api.get<Page<Hit>>(path, { q, page_size: 8 }, signal),
    enabled: q !== "" && focused,
  });
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement;
      if (event.key !== "/" || event.ctrlKey || event.metaKey || target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName)) return;
      event.preventDefault();
      input.current?.focus();
    };
    window.addEventListener("keydown", onKey);
    return () => { window.removeEventListener("keydown", onKey); };
  }, []);
  if (!can("people.customer.read")) return <span style={{ flex: phone ? 1 : undefined }} />;

  const go = (to: string) => {
    setText("");
    input.current?.blur();
    void navigate(to);
  };
  const all = `/customers?q=${encodeURIComponent(text.trim())}`;
  const options = !data || q === "" ? [] : [
    ...data.items.map((hit) => ({
      value: `/customers/${String(hit.id)}`,
      label: (
        <span className="ws-hit">
          <CustomerAvatar name={hit.name} url={hit.avatar_url} />
          <span>{hit.name}</span>
          {hit.mobile_masked && <span className="ws-small ws-muted">{hit.mobile_masked}</span>}
        </span>
      ),
    })),
    ...(data.total > data.items.length ? [{ value: all, label: <span className="ws-brand">{t("shell.search.all", { total: data.total })}</span> }] : []),
  ];
  return (
    <AutoComplete
      className="ws-top-search"
      value={text}
      options={options}
      onSelect={go}
      showSearch={{ onSearch: setText }}
      notFoundContent={data && q !== "" && q === text.trim() ? <span className="ws-small ws-muted">{t("shell.search.none")}</span> : null}
      popupMatchSelectWidth={320}
      defaultActiveFirstOption={false}
    >
      <Input
        ref={input}
        aria-label={t("shell.search.placeholder")}
        placeholder={phone ? t("shell.search.short") : t("shell.search.placeholder")}
        prefix={<SearchOutlined style={{ color: "var(--ws-ink-3)" }} />}
        suffix={phone ? <span /> : <kbd className="ws-kbd">/</kbd>}
        onFocus={() => { setFocused(true); }}
        onBlur={() => { setFocused(false); }}
        onPressEnter={(event) => { if (!event.nativeEvent.isComposing && text.trim()) setTimeout(() => { if (input.current?.input === document.activeElement) go(all); }, 0); }}
      />
    </AutoComplete>
  );
}
