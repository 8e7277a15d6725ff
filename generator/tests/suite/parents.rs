//! Types that a tag distinguishes: parents and their children, unions with properties beside them, tags of several values.

use crate::support::{crate_of, generated};

/// Returns the tables of the types of a document whose operation takes each of `uses`.
fn tables(uses: &[&str], schemas: &str) -> String {
    let members = uses
        .iter()
        .map(|name| format!("{name}: {{ $ref: '#/components/schemas/{name}' }}"));
    let members: Vec<String> = members.collect();
    let text = format!(
        "openapi: 3.0.3
info: {{ title: Zoo, version: '1' }}
servers: [{{ url: 'https://api.example.com' }}]
paths:
  /all:
    put:
      operationId: put_all
      requestBody: {{ required: true, content: {{ application/json: {{ schema: {{ type: object, properties: {{ {} }} }} }} }} }}
      responses: {{ '204': {{ description: done }} }}
components:
  schemas:
{schemas}",
        members.join(", ")
    );
    generated(&crate_of("zoo", text)).files["src/json.rs"].clone()
}

#[track_caller]
fn has(tables: &str, wanted: &[&str]) {
    for wanted in wanted {
        assert!(tables.contains(wanted), "{wanted}\nis not in\n{tables}");
    }
}

const CHILD: &str = "    Cat: { allOf: [{ $ref: '#/components/schemas/Pet' }, { type: object, properties: { lives: { type: integer } } }] }\n";

/// A value that the parent declares for all is not the only child's.
#[test]
fn a_parent_is_one_of_its_own_types() {
    let parent = |tag: &str, mapping: &str| {
        let pet = format!(
            "    Pet: {{ type: object, required: [kind], discriminator: {{ propertyName: kind{mapping} }}, properties: {{ kind: {{ type: string{tag} }} }} }}\n"
        );
        tables(&["Pet"], &format!("{pet}{CHILD}"))
    };
    let child = "rt::object!(Cat, constant \"kind\" \"Cat\" {";
    let mapped = "rt::object!(Cat, constant \"kind\" \"cat\" {";
    has(
        &parent("", ""),
        &["    Pet \"Pet\",\n    Cat \"Cat\",\n", child],
    );
    has(
        &parent(", enum: [Pet, Cat]", ""),
        &["    Pet \"Pet\",\n    Cat \"Cat\",\n", child],
    );
    let mapping = ", mapping: { cat: '#/components/schemas/Cat' }";
    has(
        &parent(", enum: [cat, hamster]", mapping),
        &[
            "    Pet \"hamster\",\n    Cat \"cat\",\n",
            mapped,
            "rt::object!(PetBase, constant \"kind\" \"hamster\" {",
        ],
    );
    // What the mapping leaves out is no type of its own.
    has(
        &parent("", mapping),
        &["tag \"kind\" {\n    Cat \"cat\",\n});", mapped],
    );
}

/// A value without the tag is the parent's.
#[test]
fn a_tag_that_is_not_required() {
    let pet = "    Pet: { type: object, discriminator: { propertyName: kind, mapping: { cat: '#/components/schemas/Cat' } }, properties: { kind: { type: string } } }\n";
    let tables = tables(&["Pet"], &format!("{pet}{CHILD}"));
    has(
        &tables,
        &[
            "    Pet Object,\n    Cat Object \"kind\"? = \"cat\",\n",
            "rt::object!(PetBase {\n    optional \"kind\" kind,\n});",
        ],
    );
}

/// A child that is a parent has its own value and those of its children, by all mappings.
#[test]
fn children_of_children() {
    let vehicle = |mapping: &str| {
        format!(
            "    Vehicle: {{ type: object, required: [t], properties: {{ t: {{ type: string }} }}, discriminator: {{ propertyName: t, mapping: {{ {mapping} }} }} }}\n"
        )
    };
    let volvo = "    Volvo: { allOf: [{ $ref: '#/components/schemas/Car' }, { type: object, properties: { belts: { type: integer } } }] }\n";
    let inner = "type: object, properties: { doors: { type: integer } }, discriminator: { propertyName: t, mapping: { volvo: '#/components/schemas/Volvo' } }";
    let beside =
        format!("    Car: {{ allOf: [{{ $ref: '#/components/schemas/Vehicle' }}], {inner} }}\n");
    let inline = format!(
        "    Car: {{ allOf: [{{ $ref: '#/components/schemas/Vehicle' }}, {{ {inner} }}] }}\n"
    );
    let car = "car: '#/components/schemas/Car'";
    let both = format!("{car}, volvo: '#/components/schemas/Volvo'");
    for (mapping, middle) in [(both.as_str(), &beside), (car, &beside), (car, &inline)] {
        let tables = tables(
            &["Vehicle"],
            &format!("{}{middle}{volvo}", vehicle(mapping)),
        );
        has(
            &tables,
            &[
                "rt::union!(Vehicle, tag \"t\" {\n    Car \"car\" \"volvo\",\n});",
                "    Car \"car\",\n    Volvo \"volvo\",\n",
                "rt::object!(CarBase, constant \"t\" \"car\" {",
                "rt::object!(Volvo, constant \"t\" \"volvo\" {",
            ],
        );
    }
}

/// A tag that its schema gives several values is no constant, even if the mapping has only one.
#[test]
fn a_tag_of_several_values() {
    let schemas = "    Both: { oneOf: [{ $ref: '#/components/schemas/Dog' }, { $ref: '#/components/schemas/Emu' }], discriminator: { propertyName: k, mapping: { d1: '#/components/schemas/Dog', e: '#/components/schemas/Emu' } } }
    Dog: { type: object, required: [k], properties: { k: { type: string, enum: [d1, d2] }, d: { type: string } } }
    Emu: { type: object, required: [k], properties: { k: { type: string, enum: [e] } } }
";
    has(
        &tables(&["Both", "Dog"], schemas),
        &[
            "    Dog \"d1\" \"d2\",\n    Emu \"e\",\n",
            "rt::object!(Dog {\n    optional \"d\" d,\n    required \"k\" k,",
            "rt::object!(Emu, constant \"k\" \"e\" {",
        ],
    );
}

/// The tag of a type with properties from beside the union is its constant, too.
#[test]
fn properties_beside_a_union() {
    let schemas = "    Animal:
      type: object
      required: [kind]
      properties: { kind: { type: string }, name: { type: string } }
      oneOf: [{ $ref: '#/components/schemas/Mammal' }, { $ref: '#/components/schemas/Bird' }]
      discriminator: { propertyName: kind, mapping: { mammal: '#/components/schemas/Mammal', bird: '#/components/schemas/Bird' } }
    Mammal: { type: object, properties: { fur: { type: string } } }
    Bird: { type: object, properties: { wing: { type: string } } }
    Ext: { allOf: [{ $ref: '#/components/schemas/Animal' }, { type: object, properties: { note: { type: string } } }], discriminator: { propertyName: kind } }
    Leaf: { allOf: [{ $ref: '#/components/schemas/Ext' }, { type: object, properties: { leaf: { type: string } } }] }
";
    has(
        &tables(&["Animal", "Ext"], schemas),
        &[
            "rt::object!(AnimalMammal, constant \"kind\" \"mammal\" {",
            "rt::object!(AnimalBird, constant \"kind\" \"bird\" {",
            // A union that has a child is still that union.
            "rt::union!(Ext, tag \"kind\" {\n    Mammal \"mammal\",\n    Bird \"bird\",\n});",
        ],
    );
}

/// An optional member of one value is always sent only if another type has others.
#[test]
fn optional_members_of_one_value() {
    let schemas = "    U: { anyOf: [{ $ref: '#/components/schemas/A' }, { $ref: '#/components/schemas/B' }] }
    A: { type: object, required: [a], properties: { a: { type: string }, only_new: { type: string, enum: ['yes'] }, kind: { type: string, enum: [a] } } }
    B: { type: object, required: [b], properties: { b: { type: string }, kind: { type: string, enum: [b] } } }
";
    has(
        &tables(&["U", "A"], schemas),
        &[
            "rt::object!(A, constant \"kind\" \"a\" {\n    required \"a\" a,\n    optional \"only_new\" only_new,\n});",
        ],
    );
}

/// Where nothing else does, a constant in a member decides.
#[test]
fn a_constant_in_a_member_distinguishes_types() {
    let of = |name: &str, kind: &str| {
        format!(
            "    {name}: {{ type: object, required: [data], properties: {{ data: {{ type: object, {kind} }} }} }}\n"
        )
    };
    let kind = |text: &str| {
        format!(
            "required: [type], properties: {{ type: {{ type: string, enum: [{text}] }}, id: {{ type: string }} }}"
        )
    };
    let schemas = format!(
        "{}{}{}    Any: {{ oneOf: [{{ $ref: '#/components/schemas/User' }}, {{ $ref: '#/components/schemas/Group' }}, {{ $ref: '#/components/schemas/Note' }}] }}\n",
        of("User", &kind("users")),
        of("Group", &kind("groups").replace("required: [type], ", "")),
        of("Note", "properties: { text: { type: string } }"),
    );
    has(
        &tables(&["Any"], &schemas),
        &[
            "    User Object \"data\" \"data\".\"type\" = \"users\",\n",
            "    Group Object \"data\" \"data\".\"type\"? = \"groups\",\n",
            "    Note Object \"data\",\n",
        ],
    );
}

/// A branch that is a part, too, but does not extend the schema with the union: the others are not lost.
#[test]
fn a_union_of_a_part_and_another_type_stays_one() {
    let schemas = "    Base: { type: object, properties: { x: { type: string } } }
    Either: { allOf: [{ $ref: '#/components/schemas/Base' }, { anyOf: [{ $ref: '#/components/schemas/Base' }, { type: object, required: [w], properties: { w: { type: string } } }] }] }
";
    let tables = tables(&["Either"], schemas);
    has(&tables, &["rt::union!(Either {\n    W Object \"w\",\n"]);
}

/// A schema that extends the one whose union it is in: the union says nothing more about it.
#[test]
fn a_child_that_its_parent_lists_is_not_the_union() {
    let children = "    Cat: { allOf: [{ $ref: '#/components/schemas/Pet' }, { type: object, required: [meow], properties: { meow: { type: string } } }] }
    Dog: { allOf: [{ $ref: '#/components/schemas/Pet' }, { type: object, required: [bark], properties: { bark: { type: string } } }] }
    Kitten: { allOf: [{ $ref: '#/components/schemas/Cat' }, { type: object, properties: { days: { type: integer } } }] }
";
    let own = "required: [name], properties: { name: { type: string } }";
    let tag = "required: [kind], discriminator: { propertyName: kind }, properties: { kind: { type: string }, name: { type: string } }";
    let listed = "[{ $ref: '#/components/schemas/Cat' }, { $ref: '#/components/schemas/Dog' }]";
    let with_bare = listed.replace("]", ", { description: Another one. }]");
    // Next to the other one, this union of required members is a constraint, of the children, too.
    let twice = format!("{own}, anyOf: [{{ required: [name] }}, {{ title: Other }}]");
    for (keyword, pet) in [
        ("oneOf", own),
        ("anyOf", own),
        ("oneOf", tag),
        ("oneOf", &twice),
    ] {
        for branches in [listed, &with_bare] {
            // Whichever is used first.
            for uses in [
                ["Cat", "Kitten", "Pet", "Dog"],
                ["Pet", "Dog", "Kitten", "Cat"],
            ] {
                let schemas = format!(
                    "    Pet: {{ type: object, {pet}, {keyword}: {branches} }}\n{children}"
                );
                let tables = tables(&uses, &schemas);
                assert_eq!(tables.matches("rt::union!(").count(), 1, "{tables}");
                let table = match (pet == tag, branches == listed) {
                    (true, true) => "Pet, tag \"kind\" {\n    Cat \"Cat\",\n    Dog \"Dog\",\n});",
                    (true, false) => {
                        "Pet {\n    Cat Object \"kind\" = \"Cat\",\n    Dog Object \"kind\" = \"Dog\",\n"
                    }
                    (false, _) => {
                        "Pet {\n    Cat Object \"meow\" \"name\",\n    Dog Object \"bark\" \"name\",\n"
                    }
                };
                has(&tables, &[table]);
                for (child, member) in [("Cat", "meow"), ("Dog", "bark"), ("Kitten", "days")] {
                    let table = tables.split(&format!("rt::object!({child}")).nth(1);
                    let table = table.and_then(|rest| rest.split("});").next());
                    let table = table.unwrap_or_else(|| panic!("no {child} in {tables}"));
                    assert!(table.contains(&format!("\"{member}\"")), "{tables}");
                    assert!(pet == tag || table.contains("\"name\""), "{tables}");
                }
            }
        }
    }
}
