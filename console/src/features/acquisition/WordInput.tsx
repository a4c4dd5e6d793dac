import { Form, Input, type GetRef } from "antd";
import { useRef } from "react";

type Name = string | string[];

interface WordInputProps {
  name: Name;
  /** Placeholders with what they are called: click puts one where the cursor stands. */
  words: readonly { word: string; label: string }[];
  lead?: string | undefined;
  multiline?: boolean;
  placeholder?: string | undefined;
  label?: string | undefined;
  disabled?: boolean;
  maxLength?: number;
  /** Right under the field: a byte count, an example. */
  right?: React.ReactNode;
  error?: string | undefined;
}

/** A text whose words in braces are filled when it is used. */
export function WordInput({ name, words, lead, multiline = false, placeholder, label, disabled = false, maxLength, right, error }: WordInputProps) {
  const form = Form.useFormInstance();
  const area = useRef<GetRef<typeof Input.TextArea>>(null);
  const line = useRef<GetRef<typeof Input>>(null);

  const insert = (word: string) => {
    const element = multiline ? area.current?.resizableTextArea?.textArea : line.current?.input;
    const text = String(form.getFieldValue(name) ?? "");
    const from = element?.selectionStart ?? text.length;
    const to = element?.selectionEnd ?? from;
    const placed = `{${word}}`;
    form.setFieldValue(name, text.slice(0, from) + placed + text.slice(to));
    element?.focus();
    requestAnimationFrame(() => { element?.setSelectionRange(from + placed.length, from + placed.length); });
  };

  const shared = { placeholder, disabled, ...(maxLength !== undefined && { maxLength }), ...(label && { "aria-label": label }) };
  return (
    <>
      <Form.Item name={name} style={{ marginBottom: 0 }} {...(label && { label })} {...(error && { validateStatus: "error" as const, help: error })}>
        {multiline ? <Input.TextArea ref={area} {...shared} autoSize={{ minRows: 4, maxRows: 12 }} /> : <Input ref={line} {...shared} />}
      </Form.Item>
      <div className="ws-under">
        <span>
          {lead}{" "}
          <span className="ws-words">
            {words.map(({ word, label: text }) => <button type="button" key={word} disabled={disabled} onClick={() => { insert(word); }}>{text}</button>)}
          </span>
        </span>
        {right && <span>{right}</span>}
      </div>
    </>
  );
}
