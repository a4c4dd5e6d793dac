import { homePage } from "./home.js";
import { customerPage } from "./customer.js";
import { scanPage } from "./scan.js";
import { staffPage } from "./staff.js";

const PAGES = { home: homePage, customer: customerPage, scan: scanPage, staff: staffPage };

await PAGES[document.body.dataset.page]();
