import { App, Button, type ButtonProps } from "antd";
import type { ReactNode } from "react";
import { useT } from "@/i18n";
import { useNotify } from "./useNotify";

export interface ConfirmButtonProps extends Omit<ButtonProps, "onClick" | "title" | "content"> {
  /** The question: "停用这个活码？" */
  question: ReactNode;
  /** What follows from it, and whether it can be undone. */
  consequence?: ReactNode;
  /** The verb of the button that does it. */
  verb: string;
  onConfirm: () => Promise<unknown>;
}

/** An action that is asked about first. While it runs the dialog waits; a refusal is shown and the dialog stays. */
export function ConfirmButton({ question, consequence, verb, onConfirm, children, ...button }: ConfirmButtonProps) {
  const { modal } = App.useApp();
  const t = useT();
  const notify = useNotify();
  const ask = () => {
    void modal.confirm({
      title: question,
      content: consequence,
      icon: null,
      okText: verb,
      cancelText: t("common.action.cancel"),
      okButtonProps: { danger: button.danger ?? false },
      onOk: async () => {
        try {
          await onConfirm();
        } catch (failure) {
          notify.failed(failure);
          throw failure;
        }
      },
    });
  };
  return (
    <Button {...button} onClick={ask}>
      {children ?? verb}
    </Button>
  );
}
