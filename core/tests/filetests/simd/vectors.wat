;; Vectors have the lanes of the operator that made them, and others only where one asks for them.
;; They leave the operand stack as bytes.
;;! x86_64 clif faults
;;! aarch64 machine faults

(module
  (memory 1)
  (global $g (mut v128) (v128.const i64x2 0 0))
  (global $fixed v128 (v128.const i64x2 1 2))
  ;; No cast within an expression, nor by way of a local and back.
  (func (param v128 v128) (result v128)
    (local v128)
    (local.set 2 (i32x4.add (local.get 0) (local.get 1)))
    (i32x4.mul (i32x4.sub (local.get 2) (local.get 0)) (i32x4.neg (local.get 2))))
  ;; A loop's parameter, and a global.
  (func (param v128) (result v128)
    (f32x4.sqrt (local.get 0))
    (loop (param v128) (result v128)
      (f32x4.add (global.get $fixed))
      (global.set $g (f32x4.neg (global.get $g)))
      (br_if 0 (v128.any_true (global.get $g)))))
  ;; Tests decide branches, and lanes are stored, as bytes.
  (func (param v128 i32)
    (if (i8x16.all_true (local.get 0))
      (then (i32.store8 (local.get 1) (i8x16.extract_lane_u 3 (local.get 0)))))
    (v128.store8_lane 5 (local.get 1) (i8x16.splat (i32.eqz (local.get 1)))))
  ;; Loads that make vectors, one of which always traps.
  (func (param i32) (result v128)
    (v128.load64_lane 1
      (local.get 0)
      (i16x8.add (v128.load8x8_s offset=8 (local.get 0)) (v128.load16_splat (local.get 0))))
    (drop (v128.load32_zero offset=0xffffffff (local.get 0))))
  ;; What the machine does best.
  (func (param v128 v128 v128) (result v128)
    (i8x16.relaxed_swizzle
      (f32x4.relaxed_madd (local.get 0) (local.get 1) (local.get 2))
      (f32x4.relaxed_min (local.get 0) (local.get 1)))
    (i32x4.relaxed_trunc_f32x4_s (local.get 0))
    (i32x4.relaxed_laneselect (local.get 1))
    (i16x8.relaxed_dot_i8x16_i7x16_s (local.get 1))
    (i32x4.relaxed_dot_i8x16_i7x16_add_s (local.get 1) (local.get 2)))
)
;;= x86_64 clif faults
;; function u0:0(i64 vmctx, i8x16, i8x16) -> i8x16 tail {
;;     const0 = 0x00000000000000000000000000000000
;;
;;                                 block0(v0: i64, v1: i8x16, v2: i8x16):
;; @0066                               v3 = vconst.i8x16 const0
;; @006d                               v4 = bitcast.i32x4 little v2
;; @006d                               v5 = bitcast.i32x4 little v1
;; @006d                               v6 = iadd v5, v4
;; @0070                               v7 = bitcast.i8x16 little v6
;; @0076                               v8 = bitcast.i32x4 little v1
;; @0076                               v9 = isub v6, v8
;; @007b                               v10 = ineg v6
;; @007e                               v11 = imul v9, v10
;; @0081                               v12 = bitcast.i8x16 little v11
;; @0081                               return v12
;; }
;; function u0:1(i64 vmctx, i8x16) -> i8x16 tail {
;;     region0 = 805306369 "global"
;;     const0 = 0x00000000000000020000000000000001
;;
;;                                 block0(v0: i64, v1: i8x16):
;; @0086                               v2 = bitcast.f32x4 little v1
;; @0086                               v3 = sqrt v2
;; @0089                               v5 = bitcast.i8x16 little v3
;; @0089                               jump block1(v5)
;;
;;                                 block1(v4: i8x16):
;; @008b                               v6 = vconst.i8x16 const0
;; @008d                               v7 = bitcast.f32x4 little v6  ; v6 = const0
;; @008d                               v8 = bitcast.f32x4 little v4
;; @008d                               v9 = fadd v8, v7
;; @0090                               v10 = load.i8x16 notrap aligned region0 v0+48
;; @0092                               v11 = bitcast.f32x4 little v10
;; @0092                               v12 = fneg v11
;; @0095                               v13 = bitcast.i8x16 little v12
;; @0095                               store notrap aligned region0 v13, v0+48
;; @0097                               v14 = load.i8x16 notrap aligned region0 v0+48
;; @0099                               v15 = vany_true v14
;; @009b                               v16 = bitcast.i8x16 little v9
;; @009b                               brif v15, block1(v16), block2
;;
;;                                 block2:
;; @009e                               return v16
;; }
;; function u0:2(i64 vmctx, i8x16, i32) tail {
;;     region0 = 268435457 "memory"
;;
;;                                 block0(v0: i64, v1: i8x16, v2: i32):
;;                                     v8 -> v2
;;                                     v5 = load.i64 notrap aligned readonly can_move v0+32
;; @00a3                               v3 = vall_true v1
;; @00a5                               brif v3, block1, block2
;;
;;                                 block1:
;; @00ab                               v4 = extractlane.i8x16 v1, 3
;; @00ae                               v6 = uextend.i64 v2
;; @00ae                               v7 = iadd.i64 v5, v6
;; @00ae                               store little region0 v4, v7
;; @00b1                               jump block2
;;
;;                                 block2:
;; @00b6                               v9 = iconst.i32 0
;; @00b6                               v10 = icmp.i32 eq v8, v9  ; v9 = 0
;; @00b7                               v11 = splat.i8x16 v10
;; @00b9                               v12 = extractlane v11, 5
;; @00b9                               v13 = uextend.i64 v2
;; @00b9                               v14 = iadd.i64 v5, v13
;; @00b9                               store little region0 v12, v14
;; @00be                               return
;; }
;; function u0:3(i64 vmctx, i32) -> i8x16 tail {
;;     region0 = 268435457 "memory"
;;
;;                                 block0(v0: i64, v1: i32):
;;                                     v2 = load.i64 notrap aligned readonly can_move v0+32
;; @00c5                               v3 = uextend.i64 v1
;; @00c5                               v4 = iadd v2, v3
;; @00c5                               v5 = sload8x8 little region0 v4+8
;; @00cb                               v6 = uextend.i64 v1
;; @00cb                               v7 = iadd v2, v6
;; @00cb                               v8 = load.i16 little region0 v7
;; @00cb                               v9 = splat.i16x8 v8
;; @00cf                               v10 = iadd v5, v9
;; @00d2                               v11 = bitcast.i64x2 little v10
;; @00d2                               v12 = uextend.i64 v1
;; @00d2                               v13 = iadd v2, v12
;; @00d2                               v14 = load.i64 little region0 v13
;; @00d2                               v15 = insertlane v11, v14, 1
;; @00d9                               trap heap_oob
;; }
;; function u0:4(i64 vmctx, i8x16, i8x16, i8x16) -> i8x16 tail {
;;                                 block0(v0: i64, v1: i8x16, v2: i8x16, v3: i8x16):
;; @00eb                               v4 = bitcast.f32x4 little v3
;; @00eb                               v5 = bitcast.f32x4 little v2
;; @00eb                               v6 = bitcast.f32x4 little v1
;; @00eb                               v7 = fmul v6, v5
;; @00eb                               v8 = fadd v7, v4
;; @00f2                               v9 = bitcast.f32x4 little v2
;; @00f2                               v10 = bitcast.f32x4 little v1
;; @00f2                               v11 = fcmp lt v9, v10
;; @00f2                               v12 = bitcast.f32x4 little v11
;; @00f2                               v13 = bitselect v12, v9, v10
;; @00f5                               v14 = bitcast.i8x16 little v13
;; @00f5                               v15 = bitcast.i8x16 little v8
;; @00f5                               v16 = x86_pshufb v15, v14
;; @00fa                               v17 = bitcast.f32x4 little v1
;; @00fa                               v18 = x86_cvtt2dq.i32x4 v17
;; @00ff                               v19 = bitcast.i32x4 little v2
;; @00ff                               v20 = bitcast.i32x4 little v16
;; @00ff                               v21 = blendv v19, v20, v18
;; @0104                               v22 = bitcast.i8x16 little v21
;; @0104                               v23 = x86_pmaddubsw v22, v2
;; @010b                               v24 = bitcast.i32x4 little v3
;; @010b                               v25 = bitcast.i8x16 little v23
;; @010b                               v26 = x86_pmaddubsw v25, v2
;; @010b                               v27 = swiden_low v26
;; @010b                               v28 = swiden_high v26
;; @010b                               v29 = iadd_pairwise v27, v28
;; @010b                               v30 = iadd v29, v24
;; @010e                               v31 = bitcast.i8x16 little v30
;; @010e                               return v31
;; }
;;= aarch64 machine faults
;;   stp fp, lr, [sp, #-16]!
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   mov fp, sp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   add v5.4s, v0.4s, v1.4s
;;   neg v5.4s, v5.4s
;;   mul v0.4s, v1.4s, v5.4s
;;   ldp fp, lr, [sp], #16
;;   ret
;;   stp fp, lr, [sp, #-16]!
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   mov fp, sp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   fsqrt v0.4s, v0.4s
;;   ldr q16, [const(0)]
;;   b label1
;; block1:
;;   ldr q17, [x2, #48]
;;   fneg v17.4s, v17.4s
;;   str q17, [x2, #48]
;;   umaxp v17.4s, v17.4s, v17.4s
;;   mov x13, v17.d[0]
;;   subs xzr, x13, #0
;;   cset x0, ne
;;   fadd v0.4s, v0.4s, v16.4s
;;   ands wzr, w0, #255
;;   b.ne label2 ; b label3
;; block2:
;;   b label1
;; block3:
;;   ldp fp, lr, [sp], #16
;;   ret
;;   stp fp, lr, [sp, #-16]!
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   mov fp, sp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   uminv b16, v0.16b
;;   mov x12, v16.d[0]
;;   subs xzr, x12, #0
;;   cset x15, ne
;;   ands wzr, w15, #255
;;   b.ne label2 ; b label1
;; block1:
;;   b label3
;; block2:
;;   umov w0, v0.b[3]
;;   ldr x1, [x2, #32]
;;   strb w0, [x1, w3, UXTW]
;;   b label3
;; block3:
;;   subs wzr, w3, #0
;;   cset x0, eq
;;   dup v19.16b, w0
;;   umov w0, v19.b[5]
;;   ldr x1, [x2, #32]
;;   strb w0, [x1, w3, UXTW]
;;   ldp fp, lr, [sp], #16
;;   ret
;;   stp fp, lr, [sp, #-16]!
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   mov fp, sp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   ldr x8, [x2, #32]
;;   add x9, x8, x3, UXTW
;;   ldr d7, [x9, #8]
;;   sxtl v16.8h, v7.8b
;;   ldrh w9, [x8, w3, UXTW]
;;   ldr x8, [x8, w3, UXTW]
;;   udf #0xc11f
;;   stp fp, lr, [sp, #-16]!
;;   unwind PushFrameRegs { offset_upward_to_caller_sp: 16 }
;;   mov fp, sp
;;   unwind DefineNewFrame { offset_upward_to_caller_sp: 16, offset_downward_to_clobbers: 0 }
;; block0:
;;   mov v20.16b, v2.16b
;;   fmla v20.4s, v20.4s, v0.4s, v1.4s
;;   fmin v21.4s, v0.4s, v1.4s
;;   tbl v20.16b, { v20.16b }, v21.16b
;;   fcvtzs v22.4s, v0.4s
;;   mov v21.16b, v1.16b
;;   bsl v21.16b, v21.16b, v20.16b, v22.16b
;;   smull v20.8h, v21.8b, v1.8b
;;   saddlp v20.4s, v20.8h
;;   smull2 v21.8h, v21.16b, v1.16b
;;   saddlp v21.4s, v21.8h
;;   sqxtn v20.4h, v20.4s
;;   sqxtn2 v20.8h, v20.8h, v21.4s
;;   smull v21.8h, v20.8b, v1.8b
;;   saddlp v21.4s, v21.8h
;;   smull2 v20.8h, v20.16b, v1.16b
;;   saddlp v20.4s, v20.8h
;;   addp v20.4s, v21.4s, v20.4s
;;   add v0.4s, v20.4s, v2.4s
;;   ldp fp, lr, [sp], #16
;;   ret
