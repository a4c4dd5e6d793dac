import "./states.css";

export interface CustomerAvatarProps {
  name: string;
  url?: string | null | undefined;
  /** px: 24 in rows, 28 in lists, 52 at the top of a page. */
  size?: number;
  /** Staff are teal, customers sand. */
  kind?: "customer" | "staff";
}

/** First letter of the name on sand (customer) or teal (staff), or the picture when there is one. */
export function CustomerAvatar({ name, url, size = 24, kind = "customer" }: CustomerAvatarProps) {
  const style = { width: size, height: size, borderRadius: size / 2, fontSize: size >= 40 ? 20 : 12 };
  return (
    <span className={kind === "customer" ? "ws-avatar is-sand" : "ws-avatar"} style={style} aria-hidden="true">
      {url ? <img src={url} alt="" loading="lazy" /> : [...name.trim()][0]?.toUpperCase() ?? "·"}
    </span>
  );
}

/** Avatar and name in one line, as table cells show a person. */
export function Who({ name, url, note, kind }: CustomerAvatarProps & { note?: string | null }) {
  return (
    <span className="ws-who">
      <CustomerAvatar name={name} url={url} {...(kind && { kind })} />
      <span>
        {name}
        {note && <span className="ws-sub">{note}</span>}
      </span>
    </span>
  );
}
