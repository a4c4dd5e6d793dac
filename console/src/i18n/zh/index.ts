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

/** One file a feature; the keys of `t` begin with the feature's name. */
export const zh = { common, shell, people, acquisition, commerce, segments, outreach, insight, analysis, features, lifetime, settings, wecom };
