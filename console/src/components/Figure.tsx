import type { ReactNode } from "react";

export interface FigureProps {
  label: ReactNode;
  value: ReactNode;
  unit?: ReactNode;
  /** The denominator, the comparison, the interval: small and grey below. */
  note?: ReactNode;
  size?: "hero" | "large" | "medium";
  tone?: "ink" | "needs" | "loss" | "brand";
  children?: ReactNode;
}

const tones = { ink: "", needs: " ws-needs", loss: " ws-loss", brand: " ws-brand" } as const;

/** One figure with its name, unit and what it is measured against. */
export function Figure({ label, value, unit, note, size = "large", tone = "ink", children }: FigureProps) {
  return (
    <div>
      <div className="ws-figure-label">{label}</div>
      <div className={`ws-${size}${tones[tone]}`}>
        {value}
        {unit !== undefined && <span className="ws-unit">{unit}</span>}
      </div>
      {note !== undefined && <div className="ws-figure-note">{note}</div>}
      {children}
    </div>
  );
}

export function HeroFigure(props: Omit<FigureProps, "size">) {
  return <Figure {...props} size="hero" />;
}
