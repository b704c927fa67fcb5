/** Numbers of a chart's axis: short, so that they stay on their line. */
const short = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });

export const shortNumber = (value) => short.format(value);
