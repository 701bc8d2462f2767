// webpack and rspack take the same configuration, and tell alike what is in a bundle.
import { copyPages } from "./pages.mjs";

/** Bundles with either of them. */
export async function bundleWith(compile, app, out, programs) {
  const options = {
    mode: "production",
    context: app,
    entry: Object.fromEntries(programs.map((program) => [program, `./${program}.js`])),
    output: { path: out, filename: "[name].js", publicPath: "auto" },
    // The default for a page: nothing of Node's is put in for what a program asks of it.
    target: "web",
  };
  const stats = await new Promise((resolve, reject) => {
    const compiler = compile(options);
    compiler.run((error, result) => compiler.close(() => (error ? reject(error) : resolve(result))));
  });
  const { errors, warnings, modules } = stats.toJson({
    all: false,
    errors: true,
    warnings: true,
    modules: true,
    modulesSpace: Number.POSITIVE_INFINITY,
    nestedModules: true,
    nestedModulesSpace: Number.POSITIVE_INFINITY,
    groupModulesByAttributes: false,
    groupModulesByCacheStatus: false,
    groupModulesByExtension: false,
    groupModulesByLayer: false,
    groupModulesByPath: false,
    groupModulesByType: false,
  });
  const complaints = [...errors, ...warnings].map(({ message }) => message);
  if (complaints.length > 0) throw new Error(complaints.join("\n"));
  copyPages(app, out, programs);
  // What was put together from several modules tells of them instead of itself.
  const flat = (list) => list.flatMap((module) => (module.modules ? flat(module.modules) : [module]));
  // Groups have no name: of the bundler's own few functions, and of what was left out.
  return flat(modules)
    .filter(({ name, moduleType }) => name !== undefined && moduleType !== "runtime")
    .map(({ nameForCondition, name }) => nameForCondition ?? name);
}
