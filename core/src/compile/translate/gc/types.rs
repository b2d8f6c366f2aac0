//! What the code of all functions needs to know of the types of a module.

use crate::abi::gc::StructLayout;
use crate::module::{CompositeType, ModuleInfo, TypeIndex};
use cranelift_entity::SecondaryMap;

/// What is worked out once for each type of a module.
#[derive(Debug, Default)]
pub(crate) struct TypeFacts {
    layouts: SecondaryMap<TypeIndex, Option<StructLayout>>,
}

impl TypeFacts {
    pub(crate) fn new(info: &ModuleInfo) -> Self {
        let mut this = Self::default();
        for (index, ty) in &info.types {
            if let CompositeType::Struct(ty) = &ty.composite {
                this.layouts[index] = Some(StructLayout::of_struct(ty));
            }
        }
        this
    }

    /// How a struct of this type lies in the heap.
    #[cfg_attr(
        not(feature = "gc"),
        expect(dead_code, reason = "there are no structs")
    )]
    pub(in crate::compile::translate) fn struct_layout(&self, ty: TypeIndex) -> &StructLayout {
        let layout = self.layouts[ty].as_ref();
        layout.expect("the type is a struct's")
    }
}
