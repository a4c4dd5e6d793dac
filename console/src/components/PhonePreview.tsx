import type { ReactNode } from "react";
import { CustomerAvatar } from "./CustomerAvatar";
import "./phone.css";

/** One message as the customer's phone shows it. */
export type PreviewMessage =
  | { kind: "text"; text: string }
  | { kind: "link"; title: string; description?: string; imageUrl?: string; source?: string }
  | { kind: "image"; url: string; alt: string };

export interface PhonePreviewProps {
  /** Staff member who speaks. */
  sender: string;
  company: string;
  messages: readonly PreviewMessage[];
  /** Over the first message: when it is sent. */
  time?: string;
  footnote?: ReactNode;
}

/** What the customer will see: a chat of its own drawing, so that no real app is copied. */
export function PhonePreview({ sender, company, messages, time, footnote }: PhonePreviewProps) {
  return (
    <div className="ws-phone">
      <header>
        {sender} {company && <span className="ws-small ws-muted">@{company}</span>}
      </header>
      {time && <p className="ws-phone-time">{time}</p>}
      {messages.map((message, index) => (
        <div className="ws-phone-line" key={index}>
          <CustomerAvatar name={sender} kind="staff" size={28} />
          {message.kind === "text" && <div className="ws-phone-bubble">{message.text}</div>}
          {message.kind === "image" && <img className="ws-phone-image" src={message.url} alt={message.alt} />}
          {message.kind === "link" && (
            <div className="ws-phone-card">
              <p>{message.title}</p>
              <div>
                <span>{message.description}</span>
                {message.imageUrl && <img src={message.imageUrl} alt="" />}
              </div>
              {message.source && <footer>{message.source}</footer>}
            </div>
          )}
        </div>
      ))}
      {footnote && <div className="ws-phone-foot">{footnote}</div>}
    </div>
  );
}
