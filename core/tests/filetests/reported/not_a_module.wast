;; WAMR #3468, #238, wasm-tools #115. Kind: validation and decoding, in binary. Each differs in one thing from a module that is good.
(module binary "\00asm\01\00\00\00" "\01\04\01\60\00\00" "\03\02\01\00" "\0a\07\01\05\00\02\40\0b\0b")
;; a block type that is no type: 0x41 (a number that is negative and no value type), an index that is not there, an index in
;; five bytes that is good, one that is too long, one whose last byte has bits over 33
(assert_malformed (module binary "\00asm\01\00\00\00" "\01\04\01\60\00\00" "\03\02\01\00" "\0a\07\01\05\00\02\41\0b\0b") "")
(assert_invalid (module binary "\00asm\01\00\00\00" "\01\04\01\60\00\00" "\03\02\01\00" "\0a\07\01\05\00\02\01\0b\0b") "unknown type")
(module binary "\00asm\01\00\00\00" "\01\04\01\60\00\00" "\03\02\01\00" "\0a\0b\01\09\00\02\80\80\80\80\00\0b\0b")
(assert_malformed (module binary "\00asm\01\00\00\00" "\01\04\01\60\00\00" "\03\02\01\00" "\0a\0c\01\0a\00\02\80\80\80\80\80\00\0b\0b") "")
(assert_malformed (module binary "\00asm\01\00\00\00" "\01\04\01\60\00\00" "\03\02\01\00" "\0a\0b\01\09\00\02\80\80\80\80\20\0b\0b") "")
(assert_malformed (module binary "\00asm\01\00\00\00" "\01\04\01\60\00\00" "\03\02\01\00" "\0a\0b\01\09\00\02\ff\ff\ff\ff\7f\0b\0b") "")
;; `ref.null` of a heap type that is none, and of a type that is not there, in a global
(module binary "\00asm\01\00\00\00" "\06\06\01\70\00\d0\70\0b")
(assert_malformed (module binary "\00asm\01\00\00\00" "\06\06\01\70\00\d0\40\0b") "")
(assert_malformed (module binary "\00asm\01\00\00\00" "\06\06\01\70\00\d0\7f\0b") "")
(assert_invalid (module binary "\00asm\01\00\00\00" "\06\06\01\70\00\d0\05\0b") "unknown type")
(assert_invalid (module binary "\00asm\01\00\00\00" "\06\06\01\70\00\d0\6f\0b") "type mismatch")
;; a label of a catch that is not there; of a height that does not fit
(module binary "\00asm\01\00\00\00" "\01\04\01\60\00\00" "\03\02\01\00" "\0d\03\01\00\00" "\0a\0b\01\09\00\1f\40\01\00\00\00\0b\0b")
(assert_invalid (module binary "\00asm\01\00\00\00" "\01\04\01\60\00\00" "\03\02\01\00" "\0d\03\01\00\00" "\0a\0b\01\09\00\1f\40\01\00\00\01\0b\0b") "unknown label")
(assert_invalid (module binary "\00asm\01\00\00\00" "\01\04\01\60\00\00" "\03\02\01\00" "\0d\03\01\00\00" "\0a\0b\01\09\00\1f\40\01\00\01\00\0b\0b") "unknown tag")
(assert_malformed (module binary "\00asm\01\00\00\00" "\01\04\01\60\00\00" "\03\02\01\00" "\0d\03\01\00\00" "\0a\0b\01\09\00\1f\40\01\04\00\00\0b\0b") "")
(assert_malformed (module binary "\00asm\01\00\00\00" "\01\04\01\60\00\00" "\03\02\01\00" "\0d\03\01\01\00" "\0a\04\01\02\00\0b") "")
;; bodies: fewer than functions, more, longer than their size, shorter, no end, bytes after the end
(assert_malformed (module binary "\00asm\01\00\00\00" "\01\04\01\60\00\00" "\03\03\02\00\00" "\0a\04\01\02\00\0b") "")
(assert_malformed (module binary "\00asm\01\00\00\00" "\01\04\01\60\00\00" "\03\02\01\00") "")
(assert_malformed (module binary "\00asm\01\00\00\00" "\01\04\01\60\00\00" "\0a\04\01\02\00\0b") "")
(assert_malformed (module binary "\00asm\01\00\00\00" "\01\04\01\60\00\00" "\03\02\01\00" "\0a\04\01\03\00\0b") "")
(assert_malformed (module binary "\00asm\01\00\00\00" "\01\04\01\60\00\00" "\03\02\01\00" "\0a\05\01\03\00\01\01") "")
(assert_malformed (module binary "\00asm\01\00\00\00" "\01\04\01\60\00\00" "\03\02\01\00" "\0a\06\01\04\00\0b\01\0b") "")
;; sections twice, out of order, too long, too short, unknown
(assert_malformed (module binary "\00asm\01\00\00\00" "\01\01\00" "\01\01\00") "")
(assert_malformed (module binary "\00asm\01\00\00\00" "\03\01\00" "\01\01\00") "")
(assert_malformed (module binary "\00asm\01\00\00\00" "\01\02\00") "")
(assert_malformed (module binary "\00asm\01\00\00\00" "\01\05\01\60\00\00\00") "")
(assert_malformed (module binary "\00asm\01\00\00\00" "\0e\01\00") "")
(assert_malformed (module binary "\00asm\01\00\00\00" "\7f\01\00") "")
(assert_malformed (module binary "\00asm\02\00\00\00") "")
(assert_malformed (module binary "\00asm\0d\00\01\00") "")
(assert_malformed (module binary "\00asm\01\00\00") "")
(assert_malformed (module binary "") "")
;; custom sections: a name that is no UTF-8, one longer than the section; names that are wrong do not matter
(assert_malformed (module binary "\00asm\01\00\00\00" "\00\03\02\c3\28") "")
(assert_malformed (module binary "\00asm\01\00\00\00" "\00\02\05\61") "")
(module binary "\00asm\01\00\00\00" "\00\05\04name")
(module binary "\00asm\01\00\00\00" "\00\09\04name\00\02\01\ff")
(module binary "\00asm\01\00\00\00" "\00\0f\04name\01\08\01\ff\ff\ff\ff\0f\01\61")
(module binary "\00asm\01\00\00\00" "\00\07\04name\01\7f")
(module binary "\00asm\01\00\00\00" "\00\0c\04name\01\05\01\00\02\c3\28")
(module binary "\00asm\01\00\00\00" "\00\07\04name\7f\00" "\00\05\04name" "\00\05\04name")
;; names of imports and exports must be UTF-8, and may be odd
(assert_malformed (module binary "\00asm\01\00\00\00" "\06\06\01\7f\00\41\00\0b" "\07\06\01\02\c3\28\03\00") "")
(assert_malformed (module binary "\00asm\01\00\00\00" "\06\06\01\7f\00\41\00\0b" "\07\07\01\03\ed\a0\80\03\00") "")
(module binary "\00asm\01\00\00\00" "\06\06\01\7f\00\41\00\0b" "\07\08\02\00\03\00\01\00\03\00")
;; memories: flags, pages, sizes
(assert_malformed (module binary "\00asm\01\00\00\00" "\05\03\01\10\00") "")
(assert_malformed (module binary "\00asm\01\00\00\00" "\05\03\01\02\00") "")
(assert_invalid (module binary "\00asm\01\00\00\00" "\05\05\01\00\81\80\04") "memory size")
(module binary "\00asm\01\00\00\00" "\05\04\01\08\00\00")
(assert_invalid (module binary "\00asm\01\00\00\00" "\05\04\01\08\00\01") "")
(assert_invalid (module binary "\00asm\01\00\00\00" "\05\04\01\08\00\40") "")
;; element segments: kinds and flags
(module binary "\00asm\01\00\00\00" "\01\04\01\60\00\00" "\03\02\01\00" "\09\05\01\01\00\01\00" "\0a\04\01\02\00\0b")
(assert_malformed (module binary "\00asm\01\00\00\00" "\01\04\01\60\00\00" "\03\02\01\00" "\09\05\01\01\01\01\00" "\0a\04\01\02\00\0b") "")
(assert_malformed (module binary "\00asm\01\00\00\00" "\01\04\01\60\00\00" "\03\02\01\00" "\09\05\01\08\00\01\00" "\0a\04\01\02\00\0b") "")
;; data: a count that is another number than there are, `memory.init` without a count
(assert_malformed (module binary "\00asm\01\00\00\00" "\05\03\01\00\01" "\0c\01\02" "\0b\04\01\01\01\61") "")
(assert_malformed (module binary "\00asm\01\00\00\00" "\01\04\01\60\00\00" "\03\02\01\00" "\05\03\01\00\01" "\0a\0e\01\0c\00\41\00\41\00\41\00\fc\08\00\00\0b" "\0b\03\01\01\00") "")
;; a memory operand that says more than the natural alignment; one that says which memory, in the longest way
(assert_invalid (module binary "\00asm\01\00\00\00" "\01\04\01\60\00\00" "\03\02\01\00" "\05\03\01\00\01" "\0a\0a\01\08\00\41\00\28\03\00\1a\0b") "alignment")
(module binary "\00asm\01\00\00\00" "\01\04\01\60\00\00" "\03\02\01\00" "\05\03\01\00\01" "\0a\0b\01\09\00\41\00\28\42\00\00\1a\0b")
(assert_invalid (module binary "\00asm\01\00\00\00" "\01\04\01\60\00\00" "\03\02\01\00" "\05\03\01\00\01" "\0a\0b\01\09\00\41\00\28\42\01\00\1a\0b") "unknown memory")
;; atomic operators take exactly their alignment
(assert_invalid (module (memory 1 1 shared) (func (drop (i32.atomic.load align=2 (i32.const 0))))) "alignment")
;; a loop's branch takes its parameters
(assert_invalid (module (func (param i32) (local i32) (i32.const 1) (loop (param i32) (local.set 0) (br_if 0 (local.get 0))))) "type mismatch")
;; what follows a branch that is always taken
(module (func (i32.const 1) (i32.const 2) (i32.const 3) (br 0) (select) (if (then))))
(assert_invalid (module (func (result i32) (block (result f32) (br_if 0 (unreachable) (i32.const 1)) (drop) (f32.const 0)) (br_if 0 (i32.const 1)))) "type mismatch")
;; locals that are not there yet: a reference that cannot be null has no value before it is set
(assert_invalid (module (func (local (ref func)) (drop (local.get 0)))) "uninitialized local")
(assert_invalid (module (func (param i32) (local (ref extern)) (if (local.get 0) (then (local.set 1 (ref.as_non_null (ref.null extern))))) (drop (local.get 1)))) "uninitialized local")
(module (func (param i32) (param (ref extern)) (local (ref extern)) (local.set 2 (local.get 1)) (if (local.get 0) (then (drop (local.get 2))))))
