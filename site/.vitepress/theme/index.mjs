// The default theme, with colors that everybody can read.

import DefaultTheme from "vitepress/theme";
import "./colors.css";

export default DefaultTheme;
