// Formatting is Prettier's; here stand the typed rules and the bans that keep judging pure.
import tseslint from "typescript-eslint";

const PURE = "judging must give the same bytes anywhere, any year";

export default tseslint.config(
  { ignores: ["dist/**", "**/.build-*/**", "node_modules/**", "runs/**", "**/*.mjs", "eslint.config.js"] },
  {
    files: ["**/*.ts"],
    languageOptions: { parser: tseslint.parser, parserOptions: { projectService: true } },
    plugins: { "@typescript-eslint": tseslint.plugin },
    rules: {
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/no-misused-promises": "error",
      "@typescript-eslint/await-thenable": "error",
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/no-non-null-assertion": "error",
      "@typescript-eslint/no-unnecessary-type-assertion": "error",
      "@typescript-eslint/no-unused-expressions": "error",
      eqeqeq: "error",
      "no-var": "error",
      "prefer-const": "error",
      "no-debugger": "error",
      "no-duplicate-case": "error",
      "no-dupe-else-if": "error",
      "no-empty-pattern": "error",
      "no-self-compare": "error",
      "no-unsafe-finally": "error",
      "no-unsafe-negation": "error",
      "use-isnan": "error",
      "valid-typeof": "error",
    },
  },
  {
    files: ["checks/**/*.ts", "protocols/**/*.ts"],
    rules: {
      "no-restricted-properties": [
        "error",
        { object: "Date", property: "now", message: PURE },
        { object: "Math", property: "random", message: PURE },
      ],
      "no-restricted-globals": ["error", { name: "Intl", message: PURE }],
      "no-restricted-syntax": [
        "error",
        { selector: "NewExpression[callee.name='Date'][arguments.length=0]", message: PURE },
        { selector: "MemberExpression[property.name=/^(localeCompare|toLocale.*)$/]", message: PURE },
      ],
      "no-restricted-imports": [
        "error",
        {
          patterns: [
            {
              group: ["node:fs*", "node:net", "node:http*", "node:tls", "node:child_process", "node:os"],
              message: "readers and checks touch bytes, not the machine",
            },
          ],
        },
      ],
    },
  },
);
