;; What is short and of constant length is copied and filled in line, the end first. The rest is left
;; to functions that are shared.
;;! x86_64 clif faults
;;! x86_64 clif checks
;;! aarch64 machine faults
;;! x86_64 helpers faults

(module
  (memory 1)
  (data "abc")
  (func $copy7 (param i32 i32)
    (memory.copy (local.get 0) (local.get 1) (i32.const 7)))
  (func $copy40 (param i32 i32)
    (memory.copy (local.get 0) (local.get 1) (i32.const 40)))
  (func $fill3 (param i32)
    (memory.fill (local.get 0) (i32.const 0x1ff) (i32.const 3)))
  (func $fill12 (param i32 i32)
    (memory.fill (local.get 0) (local.get 1) (i32.const 12)))
  (func $fill24 (param i32)
    (memory.fill (local.get 0) (i32.const 0) (i32.const 24)))
  (func $copy (param i32 i32 i32)
    (memory.copy (local.get 0) (local.get 1) (local.get 2)))
  (func $fill_nothing (param i32)
    (memory.fill (local.get 0) (i32.const 0) (i32.const 0)))
  (func $init (param i32)
    (memory.init 0 (local.get 0) (i32.const 1) (i32.const 2))
    (data.drop 0)))
;;= x86_64 clif faults
;; function u0:0(i64 vmctx, i32, i32) tail {
;;     region0 = 268435457 "memory"
;;
;;                                 block0(v0: i64, v1: i32, v2: i32):
;;                                     v4 = load.i64 notrap aligned readonly can_move v0+32
;; @0036                               v3 = iconst.i32 7
;; @0038                               v5 = uextend.i64 v2
;; @0038                               v6 = iadd v4, v5
;; @0038                               v7 = uextend.i64 v1
;; @0038                               v8 = iadd v4, v7
;; @0038                               v9 = load.i32 little region0 v6+3
;; @0038                               v10 = load.i32 little region0 v6
;; @0038                               store little region0 v9, v8+3
;; @0038                               store little region0 v10, v8
;; @003c                               return
;; }
;; function u0:1(i64 vmctx, i32, i32) tail {
;;     region0 = 268435457 "memory"
;;
;;                                 block0(v0: i64, v1: i32, v2: i32):
;;                                     v4 = load.i64 notrap aligned readonly can_move v0+32
;; @0043                               v3 = iconst.i32 40
;; @0045                               v5 = uextend.i64 v2
;; @0045                               v6 = iadd v4, v5
;; @0045                               v7 = uextend.i64 v1
;; @0045                               v8 = iadd v4, v7
;; @0045                               v9 = load.i64 little region0 v6+32
;; @0045                               v10 = load.i8x16 little region0 v6+16
;; @0045                               v11 = load.i8x16 little region0 v6
;; @0045                               store little region0 v9, v8+32
;; @0045                               store little region0 v10, v8+16
;; @0045                               store little region0 v11, v8
;; @0049                               return
;; }
;; function u0:2(i64 vmctx, i32) tail {
;;     region0 = 268435457 "memory"
;;
;;                                 block0(v0: i64, v1: i32):
;;                                     v4 = load.i64 notrap aligned readonly can_move v0+32
;; @004e                               v2 = iconst.i32 511
;; @0051                               v3 = iconst.i32 3
;; @0053                               v5 = uextend.i64 v1
;; @0053                               v6 = iadd v4, v5
;; @0053                               v7 = iconst.i8 -1
;; @0053                               v8 = iconst.i16 -1
;; @0053                               store little region0 v7, v6+2  ; v7 = -1
;; @0053                               store little region0 v8, v6  ; v8 = -1
;; @0056                               return
;; }
;; function u0:3(i64 vmctx, i32, i32) tail {
;;     region0 = 268435457 "memory"
;;
;;                                 block0(v0: i64, v1: i32, v2: i32):
;;                                     v4 = load.i64 notrap aligned readonly can_move v0+32
;; @005d                               v3 = iconst.i32 12
;; @005f                               v5 = uextend.i64 v1
;; @005f                               v6 = iadd v4, v5
;; @005f                               v7 = ireduce.i8 v2
;; @005f                               v8 = uextend.i32 v7
;; @005f                               v9 = iconst.i32 0x0101_0101
;; @005f                               v10 = imul v8, v9  ; v9 = 0x0101_0101
;; @005f                               v11 = ireduce.i8 v2
;; @005f                               v12 = uextend.i64 v11
;; @005f                               v13 = iconst.i64 0x0101_0101_0101_0101
;; @005f                               v14 = imul v12, v13  ; v13 = 0x0101_0101_0101_0101
;; @005f                               store little region0 v10, v6+8
;; @005f                               store little region0 v14, v6
;; @0062                               return
;; }
;; function u0:4(i64 vmctx, i32) tail {
;;     region0 = 268435457 "memory"
;;     const0 = 0x00000000000000000000000000000000
;;
;;                                 block0(v0: i64, v1: i32):
;;                                     v4 = load.i64 notrap aligned readonly can_move v0+32
;; @0067                               v2 = iconst.i32 0
;; @0069                               v3 = iconst.i32 24
;; @006b                               v5 = uextend.i64 v1
;; @006b                               v6 = iadd v4, v5
;; @006b                               v7 = iconst.i64 0
;; @006b                               v8 = vconst.i8x16 const0
;; @006b                               store little region0 v7, v6+16  ; v7 = 0
;; @006b                               store little region0 v8, v6  ; v8 = const0
;; @006e                               return
;; }
;; function u0:5(i64 vmctx, i32, i32, i32) tail {
;;     region0 = 268435457 "memory"
;;     sig0 = (i64 vmctx, i32, i32, i32) tail
;;     fn0 = colocated u1:0 sig0
;;
;;                                 block0(v0: i64, v1: i32, v2: i32, v3: i32):
;;                                     v4 = load.i64 notrap aligned readonly can_move v0+32
;; @0077                               call fn0(v0, v1, v2, v3)
;; @007b                               return
;; }
;; function u0:6(i64 vmctx, i32) tail {
;;     region0 = 268435457 "memory"
;;     sig0 = (i64 vmctx, i32, i32, i32) tail
;;     fn0 = colocated u1:1 sig0
;;
;;                                 block0(v0: i64, v1: i32):
;;                                     v4 = load.i64 notrap aligned readonly can_move v0+32
;; @0080                               v2 = iconst.i32 0
;; @0082                               v3 = iconst.i32 0
;; @0084                               call fn0(v0, v1, v2, v3)  ; v2 = 0, v3 = 0
;; @0087                               return
;; }
;; function u0:7(i64 vmctx, i32) tail {
;;     region0 = 268435457 "memory"
;;     sig0 = (i64 vmctx, i32, i32, i64, i64, i64) system_v
;;     sig1 = (i64 vmctx, i32) system_v
;;
;;                                 block0(v0: i64, v1: i32):
;;                                     v4 = load.i64 notrap aligned readonly can_move v0+32
;;                                     v10 = load.i64 notrap aligned readonly can_move v0+8
;; @008c                               v2 = iconst.i32 1
;; @008e                               v3 = iconst.i32 2
;; @0090                               v5 = uextend.i64 v1
;; @0090                               v6 = uextend.i64 v2  ; v2 = 1
;; @0090                               v7 = uextend.i64 v3  ; v3 = 2
;; @0090                               v8 = iconst.i32 0
;; @0090                               v9 = iconst.i32 0
;; @0090                               v11 = load.i64 notrap aligned readonly can_move v10+24
;; @0090                               call_indirect sig0, v11(v0, v8, v9, v5, v6, v7)  ; v8 = 0, v9 = 0
;; @0094                               v12 = iconst.i32 0
;; @0094                               v13 = load.i64 notrap aligned readonly can_move v10+32
;; @0094                               call_indirect sig1, v13(v0, v12)  ; v12 = 0
;; @0097                               return
;; }
;;= x86_64 clif checks
;; function u0:0(i64 vmctx, i32, i32) tail {
;;     region0 = 268435457 "memory"
;;     region1 = 1 "extents"
;;     gv0 = vmctx
;;     gv1 = load.i64 notrap aligned readonly can_move gv0
;;     gv2 = load.i64 notrap aligned gv1+24
;;     stack_limit = gv2
;;
;;                                 block0(v0: i64, v1: i32, v2: i32):
;; @0036                               v3 = iconst.i32 7
;; @0038                               v4 = uextend.i64 v2
;; @0038                               v5 = load.i64 notrap aligned region1 v0+40
;; @0038                               v6 = iconst.i64 7
;; @0038                               v7 = isub v5, v6  ; v6 = 7
;; @0038                               v8 = icmp ult v7, v4
;; @0038                               trapnz v8, heap_oob
;; @0038                               v9 = load.i64 notrap aligned region1 v0+32
;; @0038                               v10 = iadd v9, v4
;; @0038                               v11 = iconst.i64 0
;; @0038                               v12 = select_spectre_guard v8, v11, v10  ; v11 = 0
;; @0038                               v13 = uextend.i64 v1
;; @0038                               v14 = load.i64 notrap aligned region1 v0+40
;; @0038                               v15 = iconst.i64 7
;; @0038                               v16 = isub v14, v15  ; v15 = 7
;; @0038                               v17 = icmp ult v16, v13
;; @0038                               trapnz v17, heap_oob
;; @0038                               v18 = load.i64 notrap aligned region1 v0+32
;; @0038                               v19 = iadd v18, v13
;; @0038                               v20 = iconst.i64 0
;; @0038                               v21 = select_spectre_guard v17, v20, v19  ; v20 = 0
;; @0038                               v22 = load.i32 notrap little region0 v12+3
;; @0038                               v23 = load.i32 notrap little region0 v12
;; @0038                               store notrap little region0 v22, v21+3
;; @0038                               store notrap little region0 v23, v21
;; @003c                               return
;; }
;; function u0:1(i64 vmctx, i32, i32) tail {
;;     region0 = 268435457 "memory"
;;     region1 = 1 "extents"
;;     gv0 = vmctx
;;     gv1 = load.i64 notrap aligned readonly can_move gv0
;;     gv2 = load.i64 notrap aligned gv1+24
;;     stack_limit = gv2
;;
;;                                 block0(v0: i64, v1: i32, v2: i32):
;; @0043                               v3 = iconst.i32 40
;; @0045                               v4 = uextend.i64 v2
;; @0045                               v5 = load.i64 notrap aligned region1 v0+40
;; @0045                               v6 = iconst.i64 40
;; @0045                               v7 = isub v5, v6  ; v6 = 40
;; @0045                               v8 = icmp ult v7, v4
;; @0045                               trapnz v8, heap_oob
;; @0045                               v9 = load.i64 notrap aligned region1 v0+32
;; @0045                               v10 = iadd v9, v4
;; @0045                               v11 = iconst.i64 0
;; @0045                               v12 = select_spectre_guard v8, v11, v10  ; v11 = 0
;; @0045                               v13 = uextend.i64 v1
;; @0045                               v14 = load.i64 notrap aligned region1 v0+40
;; @0045                               v15 = iconst.i64 40
;; @0045                               v16 = isub v14, v15  ; v15 = 40
;; @0045                               v17 = icmp ult v16, v13
;; @0045                               trapnz v17, heap_oob
;; @0045                               v18 = load.i64 notrap aligned region1 v0+32
;; @0045                               v19 = iadd v18, v13
;; @0045                               v20 = iconst.i64 0
;; @0045                               v21 = select_spectre_guard v17, v20, v19  ; v20 = 0
;; @0045                               v22 = load.i64 notrap little region0 v12+32
;; @0045                               v23 = load.i8x16 notrap little region0 v12+16
;; @0045                               v24 = load.i8x16 notrap little region0 v12
;; @0045                               store notrap little region0 v22, v21+32
;; @0045                               store notrap little region0 v23, v21+16
;; @0045                               store notrap little region0 v24, v21
;; @0049                               return
;; }
;; function u0:2(i64 vmctx, i32) tail {
;;     region0 = 268435457 "memory"
;;     region1 = 1 "extents"
;;     gv0 = vmctx
;;     gv1 = load.i64 notrap aligned readonly can_move gv0
;;     gv2 = load.i64 notrap aligned gv1+24
;;     stack_limit = gv2
;;
;;                                 block0(v0: i64, v1: i32):
;; @004e                               v2 = iconst.i32 511
;; @0051                               v3 = iconst.i32 3
;; @0053                               v4 = uextend.i64 v1
;; @0053                               v5 = load.i64 notrap aligned region1 v0+40
;; @0053                               v6 = iconst.i64 3
;; @0053                               v7 = isub v5, v6  ; v6 = 3
;; @0053                               v8 = icmp ult v7, v4
;; @0053                               trapnz v8, heap_oob
;; @0053                               v9 = load.i64 notrap aligned region1 v0+32
;; @0053                               v10 = iadd v9, v4
;; @0053                               v11 = iconst.i64 0
;; @0053                               v12 = select_spectre_guard v8, v11, v10  ; v11 = 0
;; @0053                               v13 = iconst.i8 -1
;; @0053                               v14 = iconst.i16 -1
;; @0053                               store notrap little region0 v13, v12+2  ; v13 = -1
;; @0053                               store notrap little region0 v14, v12  ; v14 = -1
;; @0056                               return
;; }
;; function u0:3(i64 vmctx, i32, i32) tail {
;;     region0 = 268435457 "memory"
;;     region1 = 1 "extents"
;;     gv0 = vmctx
;;     gv1 = load.i64 notrap aligned readonly can_move gv0
;;     gv2 = load.i64 notrap aligned gv1+24
;;     stack_limit = gv2
;;
;;                                 block0(v0: i64, v1: i32, v2: i32):
;; @005d                               v3 = iconst.i32 12
;; @005f                               v4 = uextend.i64 v1
;; @005f                               v5 = load.i64 notrap aligned region1 v0+40
;; @005f                               v6 = iconst.i64 12
;; @005f                               v7 = isub v5, v6  ; v6 = 12
;; @005f                               v8 = icmp ult v7, v4
;; @005f                               trapnz v8, heap_oob
;; @005f                               v9 = load.i64 notrap aligned region1 v0+32
;; @005f                               v10 = iadd v9, v4
;; @005f                               v11 = iconst.i64 0
;; @005f                               v12 = select_spectre_guard v8, v11, v10  ; v11 = 0
;; @005f                               v13 = ireduce.i8 v2
;; @005f                               v14 = uextend.i32 v13
;; @005f                               v15 = iconst.i32 0x0101_0101
;; @005f                               v16 = imul v14, v15  ; v15 = 0x0101_0101
;; @005f                               v17 = ireduce.i8 v2
;; @005f                               v18 = uextend.i64 v17
;; @005f                               v19 = iconst.i64 0x0101_0101_0101_0101
;; @005f                               v20 = imul v18, v19  ; v19 = 0x0101_0101_0101_0101
;; @005f                               store notrap little region0 v16, v12+8
;; @005f                               store notrap little region0 v20, v12
;; @0062                               return
;; }
;; function u0:4(i64 vmctx, i32) tail {
;;     region0 = 268435457 "memory"
;;     region1 = 1 "extents"
;;     gv0 = vmctx
;;     gv1 = load.i64 notrap aligned readonly can_move gv0
;;     gv2 = load.i64 notrap aligned gv1+24
;;     const0 = 0x00000000000000000000000000000000
;;     stack_limit = gv2
;;
;;                                 block0(v0: i64, v1: i32):
;; @0067                               v2 = iconst.i32 0
;; @0069                               v3 = iconst.i32 24
;; @006b                               v4 = uextend.i64 v1
;; @006b                               v5 = load.i64 notrap aligned region1 v0+40
;; @006b                               v6 = iconst.i64 24
;; @006b                               v7 = isub v5, v6  ; v6 = 24
;; @006b                               v8 = icmp ult v7, v4
;; @006b                               trapnz v8, heap_oob
;; @006b                               v9 = load.i64 notrap aligned region1 v0+32
;; @006b                               v10 = iadd v9, v4
;; @006b                               v11 = iconst.i64 0
;; @006b                               v12 = select_spectre_guard v8, v11, v10  ; v11 = 0
;; @006b                               v13 = iconst.i64 0
;; @006b                               v14 = vconst.i8x16 const0
;; @006b                               store notrap little region0 v13, v12+16  ; v13 = 0
;; @006b                               store notrap little region0 v14, v12  ; v14 = const0
;; @006e                               return
;; }
;; function u0:5(i64 vmctx, i32, i32, i32) tail {
;;     region0 = 268435457 "memory"
;;     gv0 = vmctx
;;     gv1 = load.i64 notrap aligned readonly can_move gv0
;;     gv2 = load.i64 notrap aligned gv1+24
;;     sig0 = (i64 vmctx, i32, i64, i32, i64, i64) system_v
;;     stack_limit = gv2
;;
;;                                 block0(v0: i64, v1: i32, v2: i32, v3: i32):
;;                                     v9 = load.i64 notrap aligned readonly can_move v0+8
;; @0077                               v4 = uextend.i64 v1
;; @0077                               v5 = uextend.i64 v2
;; @0077                               v6 = uextend.i64 v3
;; @0077                               v7 = iconst.i32 0
;; @0077                               v8 = iconst.i32 0
;; @0077                               v10 = load.i64 notrap aligned readonly can_move v9+8
;; @0077                               call_indirect sig0, v10(v0, v7, v4, v8, v5, v6)  ; v7 = 0, v8 = 0
;; @007b                               return
;; }
;; function u0:6(i64 vmctx, i32) tail {
;;     region0 = 268435457 "memory"
;;     gv0 = vmctx
;;     gv1 = load.i64 notrap aligned readonly can_move gv0
;;     gv2 = load.i64 notrap aligned gv1+24
;;     sig0 = (i64 vmctx, i32, i64, i32, i64) system_v
;;     stack_limit = gv2
;;
;;                                 block0(v0: i64, v1: i32):
;;                                     v7 = load.i64 notrap aligned readonly can_move v0+8
;; @0080                               v2 = iconst.i32 0
;; @0082                               v3 = iconst.i32 0
;; @0084                               v4 = uextend.i64 v1
;; @0084                               v5 = uextend.i64 v3  ; v3 = 0
;; @0084                               v6 = iconst.i32 0
;; @0084                               v8 = load.i64 notrap aligned readonly can_move v7+16
;; @0084                               call_indirect sig0, v8(v0, v6, v4, v2, v5)  ; v6 = 0, v2 = 0
;; @0087                               return
;; }
;; function u0:7(i64 vmctx, i32) tail {
;;     region0 = 268435457 "memory"
;;     gv0 = vmctx
;;     gv1 = load.i64 notrap aligned readonly can_move gv0
;;     gv2 = load.i64 notrap aligned gv1+24
;;     sig0 = (i64 vmctx, i32, i32, i64, i64, i64) system_v
;;     sig1 = (i64 vmctx, i32) system_v
;;     stack_limit = gv2
;;
;;                                 block0(v0: i64, v1: i32):
;;                                     v9 = load.i64 notrap aligned readonly can_move v0+8
;; @008c                               v2 = iconst.i32 1
;; @008e                               v3 = iconst.i32 2
;; @0090                               v4 = uextend.i64 v1
;; @0090                               v5 = uextend.i64 v2  ; v2 = 1
;; @0090                               v6 = uextend.i64 v3  ; v3 = 2
;; @0090                               v7 = iconst.i32 0
;; @0090                               v8 = iconst.i32 0
;; @0090                               v10 = load.i64 notrap aligned readonly can_move v9+24
;; @0090                               call_indirect sig0, v10(v0, v7, v8, v4, v5, v6)  ; v7 = 0, v8 = 0
;; @0094                               v11 = iconst.i32 0
;; @0094                               v12 = load.i64 notrap aligned readonly can_move v9+32
;; @0094                               call_indirect sig1, v12(v0, v11)  ; v11 = 0
;; @0097                               return
;; }
;;= aarch64 machine faults
;;   stp fp, lr, [sp, #-16]!
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   mov fp, sp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   ldr x10, [x2, #32]
;;   add x9, x10, #3
;;   ldr w11, [x9, w4, UXTW]
;;   ldr w12, [x10, w4, UXTW]
;;   add x13, x10, x3, UXTW
;;   ldrb w13, [x13, #6]
;;   add x13, x10, #3
;;   str w11, [x13, w3, UXTW]
;;   str w12, [x10, w3, UXTW]
;;   ldp fp, lr, [sp], #16
;;   ret
;;   stp fp, lr, [sp, #-16]!
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   mov fp, sp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   ldr x10, [x2, #32]
;;   add x12, x10, x4, UXTW
;;   ldr x11, [x12, #32]
;;   ldr q16, [x12, #16]
;;   ldr q17, [x10, w4, UXTW]
;;   add x12, x10, x3, UXTW
;;   ldrb w13, [x12, #39]
;;   str x11, [x12, #32]
;;   str q16, [x12, #16]
;;   str q17, [x10, w3, UXTW]
;;   ldp fp, lr, [sp], #16
;;   ret
;;   stp fp, lr, [sp, #-16]!
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   mov fp, sp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   ldr x7, [x2, #32]
;;   add x8, x7, x3, UXTW
;;   ldrb w9, [x8, #2]
;;   movz w9, #255
;;   strb w9, [x8, #2]
;;   movz w8, #65535
;;   strh w8, [x7, w3, UXTW]
;;   ldp fp, lr, [sp], #16
;;   ret
;;   stp fp, lr, [sp, #-16]!
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   mov fp, sp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   ldr x12, [x2, #32]
;;   add x13, x12, x3, UXTW
;;   ldrb w14, [x13, #11]
;;   uxtb w14, w4
;;   orr w15, wzr, #16843009
;;   madd w14, w14, w15, wzr
;;   str w14, [x13, #8]
;;   uxtb w13, w4
;;   orr x14, xzr, #72340172838076673
;;   madd x13, x13, x14, xzr
;;   str x13, [x12, w3, UXTW]
;;   ldp fp, lr, [sp], #16
;;   ret
;;   stp fp, lr, [sp, #-16]!
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   mov fp, sp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   ldr x7, [x2, #32]
;;   add x8, x7, x3, UXTW
;;   ldrb w9, [x8, #23]
;;   movz x9, #0
;;   str x9, [x8, #16]
;;   movi v16.16b, #0
;;   str q16, [x7, w3, UXTW]
;;   ldp fp, lr, [sp], #16
;;   ret
;;   stp fp, lr, [sp, #-16]!
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   mov fp, sp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   bl 0
;;   ldp fp, lr, [sp], #16
;;   ret
;;   stp fp, lr, [sp, #-16]!
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   mov fp, sp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   movz w5, #0
;;   mov x4, x5
;;   bl 0
;;   ldp fp, lr, [sp], #16
;;   ret
;;   stp fp, lr, [sp, #-16]!
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   mov fp, sp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 32 }
;;   str x21, [sp, #-16]!
;;   unwind SaveReg { clobber_offset: 16, reg: p21i }
;;   stp x19, x20, [sp, #-16]!
;;   unwind SaveReg { clobber_offset: 0, reg: p19i }
;;   unwind SaveReg { clobber_offset: 8, reg: p20i }
;; block0:
;;   ldr x19, [x2, #8]
;;   mov x21, x2
;;   ldr x9, [x19, #24]
;;   movz w20, #0
;;   mov w3, w3
;;   movz x4, #1
;;   movz x5, #2
;;   mov x0, x21
;;   mov x1, x20
;;   mov x2, x20
;;   blr x9
;;   ldr x10, [x19, #32]
;;   mov x0, x21
;;   mov x1, x20
;;   blr x10
;;   ldp x19, x20, [sp], #16
;;   ldr x21, [sp], #16
;;   ldp fp, lr, [sp], #16
;;   ret
;;= x86_64 helpers faults
;;   pushq %rbp
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   movq %rsp, %rbp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   movq %rdx, %r10
;;   leal -1(%rcx), %r8d
;;   cmpl $0x10, %r8d
;;   jb      label8; j label1
;; block1:
;;   leal -1(%rcx), %r8d
;;   movq %rcx, %r9
;;   cmpl $0x80, %r8d
;;   jb      label3; j label2
;; block2:
;;   movq 8(%rdi), %r8
;;   movq 8(%r8), %r11
;;   uninit  %rcx
;;   xorl %ecx, %ecx
;;   movl %esi, %edx
;;   movl %r10d, %r8d
;;   movl %r9d, %r9d
;;   movq %rcx, %rsi
;;   call    *%r11
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;; block3:
;;   andl $0xff, %r9d
;;   cmpq $0x20, %r9
;;   jb      label7; j label4
;; block4:
;;   cmpq $0x40, %r9
;;   jb      label6; j label5
;; block5:
;;   movq 0x20(%rdi), %rax
;;   movl %r10d, %edx
;;   leaq (%rax, %rdx), %rcx
;;   movdqu -0x10(%rcx, %r9), %xmm0
;;   movdqu -0x20(%rcx, %r9), %xmm1
;;   movdqu -0x30(%rcx, %r9), %xmm2
;;   movdqu -0x40(%rcx, %r9), %xmm3
;;   movdqu (%rax, %rdx), %xmm4
;;   movdqu 0x10(%rax, %rdx), %xmm5
;;   movdqu 0x20(%rax, %rdx), %xmm6
;;   movdqu 0x30(%rax, %rdx), %xmm7
;;   movl %esi, %edx
;;   leaq (%rax, %rdx), %rcx
;;   movdqu %xmm0, -0x10(%rcx, %r9)
;;   movdqu %xmm1, -0x20(%rcx, %r9)
;;   movdqu %xmm2, -0x30(%rcx, %r9)
;;   movdqu %xmm3, -0x40(%rcx, %r9)
;;   movdqu %xmm4, (%rax, %rdx)
;;   movdqu %xmm5, 0x10(%rax, %rdx)
;;   movdqu %xmm6, 0x20(%rax, %rdx)
;;   movdqu %xmm7, 0x30(%rax, %rdx)
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;; block6:
;;   movq 0x20(%rdi), %rax
;;   movl %r10d, %ecx
;;   leaq (%rax, %rcx), %rdx
;;   movdqu -0x10(%rdx, %r9), %xmm0
;;   movdqu -0x20(%rdx, %r9), %xmm1
;;   movdqu (%rax, %rcx), %xmm2
;;   movdqu 0x10(%rax, %rcx), %xmm3
;;   movl %esi, %ecx
;;   leaq (%rax, %rcx), %rdx
;;   movdqu %xmm0, -0x10(%rdx, %r9)
;;   movdqu %xmm1, -0x20(%rdx, %r9)
;;   movdqu %xmm2, (%rax, %rcx)
;;   movdqu %xmm3, 0x10(%rax, %rcx)
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;; block7:
;;   movq 0x20(%rdi), %rax
;;   movl %r10d, %ecx
;;   leaq (%rax, %rcx), %rdx
;;   movdqu -0x10(%rdx, %r9), %xmm0
;;   movdqu (%rax, %rcx), %xmm1
;;   movl %esi, %ecx
;;   leaq (%rax, %rcx), %rdx
;;   movdqu %xmm0, -0x10(%rdx, %r9)
;;   movdqu %xmm1, (%rax, %rcx)
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;; block8:
;;   movq %rcx, %r9
;;   andl $0xff, %r9d
;;   cmpq $0x8, %r9
;;   jb      label10; j label9
;; block9:
;;   movq 0x20(%rdi), %rax
;;   movl %r10d, %edx
;;   leaq (%rax, %rdx), %rcx
;;   movq -8(%rcx, %r9), %rcx
;;   movq (%rax, %rdx), %rdx
;;   movl %esi, %esi
;;   leaq (%rax, %rsi), %rdi
;;   movq %rcx, -8(%rdi, %r9)
;;   movq %rdx, (%rax, %rsi)
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;; block10:
;;   cmpq $0x4, %r9
;;   jb      label12; j label11
;; block11:
;;   movq 0x20(%rdi), %rax
;;   movl %r10d, %edx
;;   leaq (%rax, %rdx), %rcx
;;   movl -4(%rcx, %r9), %ecx
;;   movl (%rax, %rdx), %edx
;;   movl %esi, %esi
;;   leaq (%rax, %rsi), %rdi
;;   movl %ecx, -4(%rdi, %r9)
;;   movl %edx, (%rax, %rsi)
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;; block12:
;;   movq 0x20(%rdi), %rax
;;   movl %r10d, %ecx
;;   leaq (%rax, %rcx), %r8
;;   movzbq -1(%r8, %r9), %rdx
;;   movq %r9, %rdi
;;   shrq $1, %rdi
;;   movzbq (%r8, %rdi), %r8
;;   movzbq (%rax, %rcx), %rcx
;;   movl %esi, %esi
;;   leaq (%rax, %rsi), %r10
;;   movb %dl, -1(%r10, %r9)
;;   movb %r8b, (%r10, %rdi)
;;   movb %cl, (%rax, %rsi)
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;;   pushq %rbp
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   movq %rsp, %rbp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   movq %rdx, %r9
;;   movq %rsi, %rdx
;;   leal -1(%rcx), %eax
;;   cmpl $0x10, %eax
;;   jb      label8; j label1
;; block1:
;;   leal -1(%rcx), %eax
;;   cmpl $0x80, %eax
;;   jb      label3; j label2
;; block2:
;;   movq 8(%rdi), %rax
;;   movq 0x10(%rax), %rax
;;   uninit  %rsi
;;   xorl %esi, %esi
;;   movl %edx, %edx
;;   movl %ecx, %r8d
;;   movq %r9, %rcx
;;   call    *%rax
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;; block3:
;;   movq %rcx, %r8
;;   movq %r9, %rcx
;;   andl $0xff, %r8d
;;   cmpq $0x20, %r8
;;   jb      label7; j label4
;; block4:
;;   cmpq $0x40, %r8
;;   jb      label6; j label5
;; block5:
;;   movd %ecx, %xmm0
;;   uninit  %xmm1
;;   pxor %xmm1, %xmm1
;;   pshufb %xmm1, %xmm0
;;   movq 0x20(%rdi), %rax
;;   movl %edx, %ecx
;;   leaq (%rax, %rcx), %rdx
;;   movdqu %xmm0, -0x10(%rdx, %r8)
;;   movdqu %xmm0, -0x20(%rdx, %r8)
;;   movdqu %xmm0, -0x30(%rdx, %r8)
;;   movdqu %xmm0, -0x40(%rdx, %r8)
;;   movdqu %xmm0, (%rax, %rcx)
;;   movdqu %xmm0, 0x10(%rax, %rcx)
;;   movdqu %xmm0, 0x20(%rax, %rcx)
;;   movdqu %xmm0, 0x30(%rax, %rcx)
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;; block6:
;;   movd %ecx, %xmm5
;;   uninit  %xmm6
;;   pxor %xmm6, %xmm6
;;   pshufb %xmm6, %xmm5
;;   movq 0x20(%rdi), %rdi
;;   movl %edx, %esi
;;   leaq (%rdi, %rsi), %r9
;;   movdqu %xmm5, -0x10(%r9, %r8)
;;   movdqu %xmm5, -0x20(%r9, %r8)
;;   movdqu %xmm5, (%rdi, %rsi)
;;   movdqu %xmm5, 0x10(%rdi, %rsi)
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;; block7:
;;   movd %ecx, %xmm0
;;   uninit  %xmm1
;;   pxor %xmm1, %xmm1
;;   pshufb %xmm1, %xmm0
;;   movq 0x20(%rdi), %r10
;;   movl %edx, %r11d
;;   leaq (%r10, %r11), %rax
;;   movdqu %xmm0, -0x10(%rax, %r8)
;;   movdqu %xmm0, (%r10, %r11)
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;; block8:
;;   movq %rcx, %r8
;;   movq %r9, %rcx
;;   andl $0xff, %r8d
;;   cmpq $0x8, %r8
;;   jb      label10; j label9
;; block9:
;;   movzbq %cl, %rax
;;   imulq (%rip), %rax
;;   movq 0x20(%rdi), %rcx
;;   movl %edx, %edx
;;   leaq (%rcx, %rdx), %rsi
;;   movq %rax, -8(%rsi, %r8)
;;   movq %rax, (%rcx, %rdx)
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;; block10:
;;   cmpq $0x4, %r8
;;   jb      label12; j label11
;; block11:
;;   movzbl %cl, %eax
;;   imull $0x1010101, %eax, %eax
;;   movq 0x20(%rdi), %rcx
;;   movl %edx, %edx
;;   leaq (%rcx, %rdx), %rsi
;;   movl %eax, -4(%rsi, %r8)
;;   movl %eax, (%rcx, %rdx)
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
;; block12:
;;   movq 0x20(%rdi), %rax
;;   movl %edx, %edx
;;   leaq (%rax, %rdx), %rsi
;;   movb %cl, -1(%rsi, %r8)
;;   shrq $1, %r8
;;   movb %cl, (%rsi, %r8)
;;   movb %cl, (%rax, %rdx)
;;   movq %rbp, %rsp
;;   popq %rbp
;;   retq
