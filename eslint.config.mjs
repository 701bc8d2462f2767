// ESLint looks at the AssemblyScript only; Biome looks at everything else (biome.json).
import tseslint from "typescript-eslint";

export default tseslint.config({
  files: ["assembly/**/*.ts"],
  plugins: { "@typescript-eslint": tseslint.plugin },
  languageOptions: {
    parser: tseslint.parser,
    // Decorators on functions (`@inline`, `@unsafe`, …) are AssemblyScript's; TypeScript's grammar refuses them.
    parserOptions: { allowInvalidAST: true },
  },
  linterOptions: { reportUnusedDisableDirectives: "error" },
  rules: {
    // What the compiler lets pass and nobody means.
    "no-cond-assign": "error",
    "no-dupe-else-if": "error",
    "no-duplicate-case": "error",
    "no-duplicate-imports": "error",
    "no-empty": "error",
    "no-fallthrough": "error",
    "no-self-assign": "error",
    "no-unreachable": "error",
    "no-unreachable-loop": "error",
    "no-unmodified-loop-condition": "error",
    "no-unsafe-finally": "error",
    "no-useless-assignment": "error",
    "no-var": "error",
    "prefer-const": "error",
    "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
    "@typescript-eslint/no-unused-expressions": "error",
    "@typescript-eslint/no-dupe-class-members": "error",

    // `===` and `==` are the same here, except that `===` compares references: one form, so that nobody wonders.
    "no-restricted-syntax": [
      "error",
      { selector: "BinaryExpression[operator='===']", message: "AssemblyScript's == does not convert: use it." },
      { selector: "BinaryExpression[operator='!==']", message: "AssemblyScript's != does not convert: use it." },
      { selector: "TSAnyKeyword", message: "AssemblyScript has no any." },
      { selector: "ExportDefaultDeclaration", message: "AssemblyScript has no default exports." },
    ],

    // Another AssemblyScript project resolves these literally: a specifier ends in .ts or in nothing.
    "no-restricted-imports": ["error", { patterns: [{ regex: "\\.js$", message: "End it in .ts or in nothing." }] }],
  },
});
