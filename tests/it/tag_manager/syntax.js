// What the tag manager's editor says of scripts before it saves them.

// Whether a tag may hold it: syntax of before 2015.
const isOld = (code) => {
  try {
    acorn.parse(code, { ecmaVersion: 5 });
    return true;
  } catch {
    return false;
  }
};

// What stands in a template's script that its sandbox does not know: syntax, and names that are nowhere declared.
const unknown = (code) => {
  const refused = /^(New|This|Class|Await|Yield|Import|Export|TemplateLiteral|TaggedTemplate|Spread|Rest|Regex)/;
  const declared = new Set(['data', 'require', 'undefined']);
  const used = [];
  const found = [];
  const walk = (node, parent, key) => {
    if (!node || typeof node.type !== 'string') return;
    if (refused.test(node.type) || node.regex) found.push(node.type);
    if (node.type === 'Identifier') {
      const names = parent.type === 'VariableDeclarator' && key === 'id' || key === 'params' || parent.type === 'FunctionDeclaration' && key === 'id';
      const isProperty = !parent.computed && (parent.type === 'MemberExpression' && key === 'property' || parent.type === 'Property' && key === 'key');
      if (names) declared.add(node.name);
      else if (!isProperty) used.push(node.name);
    }
    for (const [name, child] of Object.entries(node)) [child].flat().forEach((one) => walk(one, node, name));
  };
  walk(acorn.parse(code, { ecmaVersion: 2015, allowReturnOutsideFunction: true }));
  return [...found, ...used.filter((name) => !declared.has(name))];
};
