// Stands in for a library that ink would load for its own developers only.
export default {};
