import { common } from "./common";
import { shell } from "./shell";
import { people } from "./people";
import { acquisition } from "./acquisition";
import { commerce } from "./commerce";
import { segments } from "./segments";
import { outreach } from "./outreach";
import { insight } from "./insight";
import { analysis } from "./analysis";
import { features } from "./features";
import { lifetime } from "./lifetime";
import { settings } from "./settings";
import { wecom } from "./wecom";
import type { SameShape } from "../types";
import type { zh } from "../zh";

export const en: SameShape<typeof zh> = { common, shell, people, acquisition, commerce, segments, outreach, insight, analysis, features, lifetime, settings, wecom };
