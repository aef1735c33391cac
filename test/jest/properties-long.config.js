/** The same as the suite `properties`, for as long as an evening. */
module.exports = {
  ...require("./properties.config"),
  globals: { propertiesDefaults: { histories: 20_000, minutes: 360 } },
};
